#!/usr/bin/python3
"""Stands in for an application: which one, it sees from what it is given. It needs what the role gives (variables, a file of
settings that can be read, logins of PostgreSQL and Redis, a collection, folders it may write to) and ends without it; then it
answers the health check, and nothing else."""
import base64
import hashlib
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

given = os.environ


def need(*names):
    missing = [name for name in names if not given.get(name)]
    if missing:
        sys.exit('not given: ' + ', '.join(missing))


def writable(folder):
    with open(os.path.join(folder, 'stand-in'), 'w') as file:
        file.write('written')


def postgresql(url, statement='create table if not exists stand_in (id int)'):
    import psycopg2
    with psycopg2.connect(url) as connection:
        connection.cursor().execute(statement)


def redis(host, port, password, database):
    with socket.create_connection((host, int(port))) as connection:
        for words in (['AUTH', password], ['SELECT', database], ['SET', 'stand-in', 'here']):
            connection.sendall(b'*%d\r\n' % len(words) + b''.join(b'$%d\r\n%s\r\n' % (len(w), w.encode()) for w in words))
            answer = connection.recv(1000)
            if answer != b'+OK\r\n':
                sys.exit(f'redis: {words[0]}: {answer.decode()}')


def read_yaml(text):
    import yaml
    return yaml.safe_load(text)


def read(path):
    with open(path) as file:
        return file.read()


def litellm(arguments):
    need('DATABASE_URL', 'LITELLM_MASTER_KEY', 'LITELLM_SALT_KEY', 'UI_USERNAME', 'UI_PASSWORD')
    text = read(arguments[arguments.index('--config') + 1])
    need(*re.findall(r'os\.environ/(\w+)', text))
    settings = read_yaml(text)
    if set(settings) != {'model_list', 'router_settings', 'litellm_settings', 'general_settings'}:
        sys.exit(f'settings: {sorted(settings)}')
    names = {model['model_name'] for model in settings['model_list'] if model['litellm_params']['model']}
    for chain in settings['router_settings']['fallbacks']:
        for name, others in chain.items():
            if not {name, *others} <= names:
                sys.exit(f'no such model: {name}, {others}')
    postgresql(given['DATABASE_URL'])
    redis(given['REDIS_HOST'], given['REDIS_PORT'], given['REDIS_PASSWORD'], '0')
    serve(4000, {'/health/readiness': '{"status":"connected"}', '/health/liveliness': '"I\'m alive!"'})


def nocodb(_):
    need('NC_AUTH_JWT_SECRET', 'NC_PUBLIC_URL', 'NC_S3_BUCKET_NAME', 'NC_S3_ENDPOINT', 'NC_S3_ACCESS_KEY', 'NC_S3_ACCESS_SECRET')
    url = urllib.parse.urlsplit(given['NC_DB'])
    login = {key: values[0] for key, values in urllib.parse.parse_qs(url.query).items()}
    postgresql(f"host={url.hostname} port={url.port} user={login['u']} password={login['p']} dbname={login['d']}")
    writable('/data')
    serve(8080, {'/api/v1/health': '{"message":"OK"}'})


def openclaw(_):
    need('OPENCLAW_GATEWAY_TOKEN', 'OPENCLAW_STATE_DIR')
    text = read(given['OPENCLAW_CONFIG_PATH'])
    need(*re.findall(r'\$\{(\w+)\}', text))
    settings = json.loads(text)
    if set(settings) - {'gateway', 'models', 'agents', 'channels', 'plugins'}:
        sys.exit(f'unknown keys: {sorted(settings)}')
    defaults = settings['agents']['defaults']
    writable(given['OPENCLAW_STATE_DIR'])
    writable(defaults['workspace'])
    sandbox = defaults['sandbox']['docker']
    for words in (['image', 'inspect', sandbox['image']], ['network', 'inspect', sandbox['network']]):
        subprocess.run(['docker', *words], check=True, stdout=subprocess.DEVNULL)
    litellm_alive = settings['models']['providers']['litellm']['baseUrl'].replace('/v1', '/health/liveliness')
    urllib.request.urlopen(litellm_alive, timeout=5)
    serve(18789, {})


def sure(arguments):
    need('SECRET_KEY_BASE', 'ONBOARDING_STATE', 'APP_DOMAIN')
    url = urllib.parse.urlsplit(given['REDIS_URL'])
    redis(url.hostname, url.port, urllib.parse.unquote(url.password), url.path[1:])
    writable('/rails/storage')
    if arguments == ['bundle', 'exec', 'sidekiq']:
        # The pages have made the table by then.
        postgresql(given['DATABASE_URL'], 'select id from stand_in')
        os.execv(sys.executable, ['sidekiq 7.3.9 rails [0 of 5 busy]', __file__, 'wait'])
    postgresql(given['DATABASE_URL'])
    serve(3000, {'/up': '<html></html>'})


def palais(_):
    need('PALAIS_API_KEY', 'PALAIS_ADMIN_PASSWORD', 'PALAIS_SESSION_SECRET', 'LITELLM_KEY', 'OPENCLAW_WS_URL', 'ORIGIN')
    postgresql(given['DATABASE_URL'])
    writable('/data/deliverables')
    writable('/data/avatars')
    collection = f"{given['QDRANT_URL']}/collections/{given['QDRANT_COLLECTION']}"
    urllib.request.urlopen(urllib.request.Request(collection, headers={'api-key': given['QDRANT_API_KEY']}), timeout=5)
    serve(int(given['PORT']), {'/api/health': '{"status":"ok","db":"ok"}'})


def diun(arguments):
    if arguments[0] == 'image':
        socket.create_connection(('127.0.0.1', 42286), timeout=5)
        return
    settings = read_yaml(read(arguments[arguments.index('--config') + 1]))
    for pattern in settings['defaults']['includeTags']:
        re.compile(pattern)
    writable(os.path.dirname(settings['db']['path']))
    with socket.socket(socket.AF_UNIX) as docker:
        docker.connect('/var/run/docker.sock')
        docker.sendall(b'GET /containers/json HTTP/1.0\r\n\r\n')
        if b' 200 ' not in docker.recv(100):
            sys.exit('no list of containers')
    serve(42286, {})


def serve(port, answers):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            key = self.headers.get('Sec-WebSocket-Key')
            if key and not answers:
                accept = hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()
                self.send_response(101)
                self.send_header('Upgrade', 'websocket')
                self.send_header('Connection', 'Upgrade')
                self.send_header('Sec-WebSocket-Accept', base64.b64encode(accept).decode())
                self.end_headers()
                return
            body = answers.get(self.path, '' if answers else '<html></html>')
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    print('stand-in listens at', port, flush=True)
    http.server.ThreadingHTTPServer(('', port), Handler).serve_forever()


APPLICATIONS = {
    'LITELLM_SALT_KEY': litellm,
    'NC_DB': nocodb,
    'OPENCLAW_CONFIG_PATH': openclaw,
    'SECRET_KEY_BASE': sure,
    'PALAIS_API_KEY': palais,
}

if __name__ == '__main__':
    words = sys.argv[1:]
    if words == ['wait']:
        time.sleep(10**9)
    found = [run for name, run in APPLICATIONS.items() if name in given] or [diun]
    found[0](words)
