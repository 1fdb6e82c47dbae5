/** Append-only: a migration that was released is never changed. Each runs once, in order, in a transaction. */
export const MIGRATIONS: readonly string[] = [
  `
  create table proofs (
    job text primary key, prover text not null, proof text not null, lease text not null,
    started_ms bigint not null, proven_ms bigint not null
  );
  create table leases (
    id text primary key, job text not null, prover text not null, node text not null,
    started_ms bigint not null, estimate_ms bigint not null, state text not null
  );
  create table blames (id text primary key, job text not null, prover text not null, reason text not null);
  create table requests (id text primary key, request_json text not null);
  create table batches (
    id text primary key, serial bigint not null, statement text not null, state text not null, reason text,
    accepted_ms bigint not null, aggregate text, view_json text, opening_json text
  );
  create index batches_by_statement on batches (statement);
  create index batches_by_state on batches (state);
  create table aggregates (
    id text primary key, serial bigint not null, state text not null, opened_ms bigint not null, view_json text
  );
  create index aggregates_by_state on aggregates (state);
  create table payouts (
    id text primary key, serial bigint not null, prover text not null, kind text not null, body_json text not null
  );
  create index payouts_by_prover on payouts (prover, serial);
  create table programs (id text primary key, info_json text not null);
  create table nodes (
    id text primary key, prover text not null, capabilities_json text not null, too_large_gates bigint
  );
  create table provers (
    address text primary key, strikes int not null, paused_until_ms bigint not null, reason text
  );
  create table sessions (
    token_hash text primary key, address text not null, node text, expires_ms bigint not null
  );
  create table counters (name text primary key, value bigint not null);
  `,
  `
  create table market_rules (id text primary key, rules text not null);
  create table market_log (
    index bigint primary key, previous text not null, input text not null, output text not null, hash text not null
  );
  create table market_seals (index bigint primary key, head text not null, signature text not null);
  create table commitments (
    id text primary key, request text not null, prover text not null, signed_json text not null
  );
  create index commitments_by_request on commitments (request);
  create table ended_orders (
    id text primary key, owner text not null, accepted_ms bigint not null, view_json text not null
  );
  create index ended_orders_by_owner on ended_orders (owner, accepted_ms);
  create table accusations (
    id text primary key, state text not null, due_s bigint not null, body_json text not null, l1_tx text
  );
  `,
  `
  create table sealed_inputs (
    id text primary key, request text not null, job text not null, prover text not null, node text not null,
    digest text not null, sealed_ms bigint not null
  );
  `,
  `
  alter table blames add column message text;
  create table attempts (id text primary key, state text not null, body_json text not null, l1_tx text);
  `,
]
