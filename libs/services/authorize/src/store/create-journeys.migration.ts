import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `create table journey_event (
     id bigint generated always as identity primary key,
     tenant text not null,
     sequence_id text not null,
     journey text not null,
     track text not null,
     at_ms bigint not null,
     ends_ms bigint not null,
     doc jsonb not null
   )`,
  'create index journey_event_track on journey_event (tenant, track, at_ms desc)',
  'create index journey_event_sequence on journey_event (tenant, sequence_id)',
  'create index journey_event_ends on journey_event (ends_ms)',
];

/** What happened on journeys, event by event. */
export class CreateJourneys1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table journey_event');
  }
}
