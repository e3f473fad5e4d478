-- The timeline, version 1. The columns of `entry` are frozen by the hash chain: a later version adds tables, or a
-- new `format` beside this one; it never changes what a stored entry says.
PRAGMA application_id = 0x77666c72; -- "wflr"

-- One row for each process that ever wrote here.
CREATE TABLE writer (
    id         TEXT PRIMARY KEY,  -- ULID
    started_at INTEGER NOT NULL,  -- milliseconds since 1970, UTC, as everywhere below
    user       TEXT,
    host       TEXT,
    pid        INTEGER NOT NULL,
    version    TEXT NOT NULL      -- of the program
) STRICT;

CREATE TABLE entry (
    place           INTEGER PRIMARY KEY AUTOINCREMENT, -- order of commit: how one process finds what another one wrote
    format          INTEGER NOT NULL,  -- how `hash` was made
    writer          TEXT NOT NULL,
    seq             INTEGER NOT NULL,  -- from 1 with each writer, no gaps
    prev_hash       BLOB NOT NULL,
    hash            BLOB NOT NULL,
    id              TEXT NOT NULL UNIQUE, -- ULID
    incident        TEXT,              -- id of the entry that opened it; NULL: the journal of the day
    occurred_at     INTEGER NOT NULL,
    recorded_at     INTEGER NOT NULL,
    ended_at        INTEGER,
    clock_offset_ms INTEGER,
    kind            TEXT NOT NULL,
    severity        TEXT,              -- JSON: scheme, name, rank
    phase           TEXT,
    title           TEXT NOT NULL,
    actor           TEXT NOT NULL,     -- JSON
    source          TEXT,
    origin          TEXT,
    target          TEXT,              -- JSON
    change          TEXT,              -- JSON, without the diff
    command         TEXT,              -- JSON
    tags            TEXT,              -- JSON
    pinned          INTEGER NOT NULL,
    visibility      TEXT NOT NULL,
    redactions      TEXT,              -- JSON
    links           TEXT,              -- JSON
    refers_to       TEXT,
    body_digest     BLOB,              -- SHA-256 over salt and text: the text may leave, the chain holds
    diff_digest     BLOB,
    evidence_digest BLOB,
    UNIQUE (writer, seq)
) STRICT;

CREATE INDEX entry_by_time ON entry (occurred_at, id);
CREATE INDEX entry_by_incident ON entry (incident, occurred_at, id) WHERE incident IS NOT NULL;
CREATE INDEX entry_by_reference ON entry (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX entry_by_origin ON entry (source, origin) WHERE origin IS NOT NULL;
CREATE INDEX entry_by_kind ON entry (kind, place) WHERE kind IN ('action.intent', 'phase.change', 'console.start', 'console.stop');

-- Text that a later redaction may take out: then `salt` and `text` are NULL, and the digest in `entry` stays.
CREATE TABLE entry_text (
    entry TEXT NOT NULL REFERENCES entry (id),
    part  TEXT NOT NULL CHECK (part IN ('body', 'diff', 'evidence')),
    salt  BLOB,
    text  TEXT,
    PRIMARY KEY (entry, part)
) STRICT, WITHOUT ROWID;

-- Append-only: a correction is another entry.
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END;
CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END;
CREATE TRIGGER text_never_changes BEFORE UPDATE ON entry_text WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry <> OLD.entry OR NEW.part <> OLD.part
BEGIN SELECT RAISE(ABORT, 'text of the timeline is only ever taken out'); END;
CREATE TRIGGER text_never_leaves BEFORE DELETE ON entry_text BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END;

PRAGMA user_version = 1;
