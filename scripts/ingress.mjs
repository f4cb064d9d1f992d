/**
 * Writes the rules of both ingresses from the one list of routes: `node scripts/ingress.mjs`, after a change to
 * libs/model/src/addresses/routes.ts. A test fails when they are old.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './workspace.mjs';

await build();
const { ingressRoutes } = (await import('@corsac/run/routes')).default;
const rules = ingressRoutes();
const services = [...new Set(rules.map(({ service }) => service))];

const nginx = `# Generated from the list of routes by scripts/ingress.mjs; do not edit.
# The ingress of docker-compose.yml: nginx as nobody in particular, on a file system that it cannot write to.
pid /tmp/nginx.pid;
error_log stderr warn;
worker_processes auto;
events { worker_connections 1024; }

http {
  # Addresses hold codes, so they are not written down.
  access_log off;
  server_tokens off;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  # Replicas come and go: their addresses are asked for again every second.
  resolver 127.0.0.11 valid=1s ipv6=off;
  resolver_timeout 2s;

  client_max_body_size 11m;
  large_client_header_buffers 4 32k;
  keepalive_timeout 60s;
  merge_slashes off;

  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  # Nothing that a client claims of proxies is believed.
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_buffers 16 16k;
  proxy_buffer_size 32k;
  proxy_connect_timeout 2s;
  proxy_read_timeout 35s;
  # A request with effects that was sent is not sent again.
  proxy_next_upstream error timeout http_503;

  server {
    listen 4400;
${services.map((service) => `    set $${service} ${service}:8080;`).join('\n')}

${rules.map(({ service, path }) => `    location ~ "${path}" { proxy_pass http://$${service}; }`).join('\n')}
    location / { return 404; }

    # No replica is there: for a moment, whoever asks again will be served.
    error_page 502 504 = @away;
    location @away {
      add_header Retry-After 1 always;
      add_header Cache-Control no-store always;
      return 503;
    }
  }
}
`;
writeFileSync(join(root, 'deploy/compose/nginx.conf'), nginx);

/**
 * ingress-nginx tries the longest rule first, not the first written. Rules that begin with a tenant could so win over those with a
 * fixed first word, which no tenant is called by: they say so.
 */
const fixedWords = [...new Set(rules.flatMap(({ path }) => /^\^\/((?:[a-z-]|\\\.)+)\(?\//.exec(path)?.[1] ?? []))];
const tenant = `(?!(?:${fixedWords.join('|')})/)[^/]+`;
const longestFirst = (path) => path.slice(1).replace(/^\/\[\^\/\]\+/, () => `/${tenant}`);

const ingressPath = ({ service, path }) => `          - path: '${longestFirst(path)}'
            pathType: ImplementationSpecific
            backend: { service: { name: ${service}, port: { name: http } } }`;
const ingress = `# Generated from the list of routes by scripts/ingress.mjs; do not edit. For ingress-nginx.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: corsac
  annotations:
    nginx.ingress.kubernetes.io/use-regex: 'true'
    nginx.ingress.kubernetes.io/proxy-body-size: 11m
    nginx.ingress.kubernetes.io/proxy-buffer-size: 32k
    nginx.ingress.kubernetes.io/proxy-connect-timeout: '2'
    nginx.ingress.kubernetes.io/proxy-read-timeout: '35'
    nginx.ingress.kubernetes.io/proxy-next-upstream: error timeout
    # Addresses hold codes, so they are not written down.
    nginx.ingress.kubernetes.io/enable-access-log: 'false'
spec:
  ingressClassName: nginx
  tls:
    - hosts: [id.example.com]
      secretName: corsac-tls
  rules:
    - host: id.example.com
      http:
        paths:
${rules.map(ingressPath).join('\n')}
`;
writeFileSync(join(root, 'deploy/k8s/base/ingress.yaml'), ingress);
console.log(`${rules.length} rules for ${services.join(', ')}`);
