import { email, httpsUrl, telegramToken, wholeNumber } from '../checks.ts'
import { type Context, detail, key, of, themed } from '../variable.ts'

const isTelegram = ({ get }: Context) => get('notification_method') === 'telegram'
const isWebhook = ({ get }: Context) => ['discord', 'slack'].includes(String(get('notification_method')))

const notifications = themed({ theme: 'Notifications', step: 'notifications', systems: ['vpai'] }, [
  of('enum', 'notification_method', 'Where alerts go', {
    default: 'telegram',
    required: true,
    choices: ['telegram', 'discord', 'slack', 'none'],
  }),
  of('email', 'notification_email', 'E-mail for certificates and alerts', { required: true, check: email }),
  key('telegram_monitoring_bot_token', 'Telegram bot token for alerts', {
    required: true,
    check: telegramToken,
    when: isTelegram,
  }),
  of('int', 'telegram_monitoring_chat_id', 'Telegram chat for alerts', {
    required: true,
    when: isTelegram,
    help: 'Negative for a group.',
  }),
  key('telegram_openclaw_bot_token', 'Telegram bot token of OpenClaw', {
    check: telegramToken,
    when: isTelegram,
    help: 'Empty: the one for alerts.',
  }),
  of('int', 'telegram_openclaw_chat_id', 'Telegram chat of OpenClaw', {
    default: ({ get }) => get('telegram_monitoring_chat_id'),
    when: isTelegram,
  }),
  detail(of('int', 'telegram_openclaw_group_id', 'Telegram group of OpenClaw', { when: isTelegram })),
  detail(
    of('map', 'telegram_openclaw_topic_ids', 'Topics of that group', {
      check: wholeNumber,
      when: isTelegram,
      help: 'agent=number',
    }),
  ),
  key('notification_webhook_url', 'Webhook of the channel', {
    required: true,
    check: httpsUrl,
    when: isWebhook,
  }),
  key('backup_heartbeat_url', 'Address to call after each backup', { check: httpsUrl }),
])

const accounts = themed({ theme: 'Administrator accounts', step: 'accounts', systems: ['vpai'] }, [
  of('email', 'n8n_owner_email', 'E-mail of the n8n owner', {
    required: true,
    check: email,
    default: ({ get }) => get('notification_email'),
  }),
  of('str', 'n8n_owner_first_name', 'First name of the n8n owner', { required: true }),
  of('str', 'n8n_owner_last_name', 'Last name of the n8n owner', { required: true }),
  of('str', 'grafana_admin_user', 'Grafana administrator', { default: 'admin', required: true }),
  of('str', 'litellm_ui_username', 'LiteLLM administrator', { required: true }),
])

export const notificationVariables = [...notifications, ...accounts]
