#!/bin/sh
echo "$1|$2|$FROM_PLAY"
touch /opt/scripted
