/** Arguments of ufw. */
