import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // What happened on a journey at one moment in one track: `events` is a JSON array, and nobody looks into it here.
  `create table journey_part (
     tenant text not null,
     sequence_id text not null,
     journey text not null,
     track text not null,
     at_ms bigint not null,
     ends_ms bigint not null,
     events text not null
   )`,
  `insert into journey_part
   select tenant, sequence_id, journey, track, at_ms, ends_ms, jsonb_build_array(doc || jsonb_build_object('n', id))::text
   from journey_event`,
  'drop table journey_event',
  'create index journey_part_track on journey_part (tenant, track, at_ms desc)',
  'create index journey_part_sequence on journey_part (tenant, sequence_id)',
  // They come in the order of their time, so that the index of a block of rows is enough.
  'create index journey_part_ends on journey_part using brin (ends_ms)',
];

/** Events of one moment share a row: a sign-in writes two rows instead of six. */
export class JoinJourneys1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table journey_part');
  }
}
