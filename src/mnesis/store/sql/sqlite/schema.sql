-- What the space records of itself: schema, embedder, dim, recipe, language.
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Texts that come again and again (namespaces, speakers, sessions, roles, mechanisms), kept once.
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- The journal: one row a commit. `body` is the list of changes (deflated JSON); what they carried stands in `cubes`,
-- `links` and `events`, bound to the entry by digests. `hash` chains every entry to the one before.
CREATE TABLE commits (
  seq INTEGER PRIMARY KEY, at REAL NOT NULL, ns INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
  body BLOB NOT NULL, hash BLOB NOT NULL
);

-- Every version of every cube. A version stands from commit `born` until commit `died`.
-- `body` holds, as JSON, the fields that differ from their defaults; `vectors` is a digest of those it came with.
CREATE TABLE cubes (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, ns INTEGER NOT NULL,
  born INTEGER NOT NULL, died INTEGER, replaces INTEGER, text TEXT NOT NULL, at REAL, until REAL,
  speaker INTEGER, session INTEGER, role INTEGER, made INTEGER, source TEXT, body TEXT,
  strength REAL, importance REAL, touched INTEGER, vectors BLOB, digest BLOB NOT NULL
);
CREATE UNIQUE INDEX cubes_id ON cubes (id, ns, version);
CREATE INDEX cubes_ns ON cubes (ns, row);
CREATE INDEX cubes_died ON cubes (ns, died) WHERE died IS NOT NULL;
CREATE INDEX cubes_touched ON cubes (ns, touched) WHERE touched IS NOT NULL;

-- How strongly a version was held before a commit touched it (nulls are what is usual), so that it can be told as of
-- any commit; `used` is the moment the commit says it was used at. `cubes` holds what counts now.
CREATE TABLE touches (
  row INTEGER NOT NULL, seq INTEGER NOT NULL, ns INTEGER NOT NULL, strength REAL, importance REAL, used REAL,
  PRIMARY KEY (row, seq)
) WITHOUT ROWID;
CREATE INDEX touches_seq ON touches (ns, seq);

-- Keys of commits that are to happen once (digests of key and of what was told), with the last row before them.
CREATE TABLE once (
  ns INTEGER NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, row INTEGER NOT NULL, said TEXT NOT NULL,
  PRIMARY KEY (ns, key)
) WITHOUT ROWID;

-- What a language model said, by a digest of the question; of no namespace once something in it was erased.
CREATE TABLE replies (
  ns TEXT NOT NULL, key BLOB NOT NULL, reply TEXT NOT NULL, PRIMARY KEY (ns, key)
) WITHOUT ROWID;

-- Embeddings in half precision; `pk` = row * 4096 + number of the key text; `digest` names model and text.
CREATE TABLE vectors (pk INTEGER PRIMARY KEY, digest INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX vectors_digest ON vectors (digest);

-- Where the model was changed: a digest of the vectors each row has since, empty where it has none.
CREATE TABLE resealed (row INTEGER PRIMARY KEY, digest BLOB NOT NULL);

-- Events that are not word for word a cube of the same id. `born` is the commit that brought them.
CREATE TABLE events (
  ns INTEGER NOT NULL, id TEXT NOT NULL, born INTEGER NOT NULL, body TEXT NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (ns, id)
) WITHOUT ROWID;

-- Which cube versions name a cube or event, other than the one of their own id, as what they were made from.
CREATE TABLE derived (
  ns INTEGER NOT NULL, source TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (ns, source, row)
) WITHOUT ROWID;

CREATE TABLE links (
  pk INTEGER PRIMARY KEY, ns INTEGER NOT NULL, head TEXT NOT NULL, tail TEXT NOT NULL, kind TEXT NOT NULL,
  weight REAL NOT NULL, since REAL, until REAL, made INTEGER, born INTEGER NOT NULL, died INTEGER
);
CREATE INDEX links_head ON links (ns, head, kind);
CREATE INDEX links_tail ON links (ns, tail, kind);

-- What was erased, and by which commit: only the digests remain, so that the journal can still be verified.
CREATE TABLE erased (row INTEGER PRIMARY KEY, ns INTEGER NOT NULL, digest BLOB NOT NULL, seq INTEGER NOT NULL);
CREATE INDEX erased_seq ON erased (ns, seq);
CREATE INDEX erased_last ON erased (seq);
CREATE TABLE erased_events (born INTEGER NOT NULL, digest BLOB NOT NULL);
-- What is not to come back by being imported again: digests of namespace, source and text.
CREATE TABLE tombs (digest BLOB PRIMARY KEY) WITHOUT ROWID;
-- Erasures after which the file has not been emptied of what it still held.
CREATE TABLE unpurged (seq INTEGER PRIMARY KEY);
