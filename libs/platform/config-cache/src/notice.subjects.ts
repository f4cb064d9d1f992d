import { Controller, type Type } from '@nestjs/common';
import { configurationChangedNotice, type ChangedTrack, type ServiceName } from '@corsac/contracts';
import { Hears } from '@corsac/service';
import type { ConfigCache } from './config-cache.js';

/** The controller by which a service's replica hears that tracks changed. */
export const configNoticeSubjects = (service: ServiceName, cache: ConfigCache): Type<unknown> => {
  @Controller()
  class ConfigNoticeSubjects {
    @Hears(configurationChangedNotice, service)
    async changed(payload: { changes: ChangedTrack[] }): Promise<void> {
      cache.changed(payload.changes);
    }
  }
  return ConfigNoticeSubjects;
};
