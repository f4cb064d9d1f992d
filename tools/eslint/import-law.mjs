/**
 * Who may import what, where the tags of packages cannot say it. `ban` names packages (a trailing `*` stands for any
 * rest), `names` limits the ban to some of their exports, `in` and `except` are tried against the path from the
 * repository's root. A spec file obeys a law only when the law says `specs: true`.
 */
const drivers = ['typeorm', '@nestjs/typeorm', 'redis', 'pg'];
const xml = ['samlify', 'xml-crypto', '@xmldom/xmldom', 'libxml2-wasm', '@node-saml/*'];
const ourCode = /^(apps\/(?!samples\/)|libs\/(?!testing\/))/;
const pure = /^libs\/(protocol|model|contracts)\//;

export const importLaw = [
  {
    in: /^libs\/services\//,
    except: /\.(module|endpoint|subjects)\.ts$/,
    ban: ['@nestjs/*', 'fastify', '@fastify/*'],
    because: 'inside a service Nest lives in *.module.ts, *.endpoint.ts and *.subjects.ts',
  },
  {
    in: ourCode,
    except: /^libs\/platform\/data\/|\/store\/|^libs\/services\/[a-z]+\/src\/[a-z-]+\.module\.ts$/,
    ban: drivers,
    because: 'drivers live in a store/ folder or in platform/data',
  },
  {
    in: ourCode,
    except: /^libs\/platform\/(bus|run)\//,
    ban: ['@nats-io/*', 'nats'],
    because: 'only platform/bus speaks NATS',
  },
  {
    in: pure,
    ban: [
      'node:fs',
      'node:fs/*',
      'node:net',
      'node:http',
      'node:https',
      'node:child_process',
      'node:dns',
      'node:process',
      'pino',
    ],
    because: 'protocol, model and contracts do no I/O',
  },
  {
    in: pure,
    ban: ['node:crypto'],
    names: ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync', 'randomFill', 'getRandomValues'],
    because: 'randomness comes in as an argument',
  },
  { in: /^apps\/console\/browser\//, ban: ['node:*'], because: 'the console runs in browsers' },
  { in: ourCode, except: /^libs\/protocol\/jwt\//, ban: ['jose'], because: 'only libs/protocol/jwt imports jose' },
  {
    in: ourCode,
    except: /^libs\/protocol\/saml\//,
    ban: xml,
    because: 'only libs/protocol/saml imports XML and SAML libraries',
  },
  {
    in: /^(apps|libs)\//,
    except: /^libs\/testing\/|\/src\/fixtures\//,
    ban: ['@corsac/testing', '@corsac/testing/*', '@nestjs/testing', 'testcontainers', 'supertest'],
    because: 'only *.spec.ts and the fixtures/ beside them may import test helpers',
  },
  { in: /^apps\/samples\//, specs: true, ban: ['@corsac/*'], because: 'a sample stands for somebody else’s program' },
  {
    in: ourCode,
    specs: true,
    ban: ['@nestjs/common', '@nestjs/core'],
    names: ['forwardRef', 'Global'],
    because: 'parts are handed over explicitly, in one direction',
  },
  {
    in: /^libs\/(services|platform|contracts|model|protocol)\//,
    specs: true,
    ban: ['nestjs-zod', 'class-validator', 'class-transformer', 'lodash', 'axios'],
    because: 'not part of the stack',
  },
];
