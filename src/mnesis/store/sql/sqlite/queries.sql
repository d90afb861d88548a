-- A unary plus before `ns` keeps SQLite from walking a whole namespace where one id is asked for.
-- last_commit --
SELECT seq, hash, at, (SELECT max(seq) FROM erased) FROM commits ORDER BY seq DESC LIMIT 1;
-- last --
SELECT seq, hash, at, (SELECT max(seq) FROM erased),
  max((SELECT coalesce(max(row), 0) FROM cubes), (SELECT coalesce(max(row), 0) FROM erased))
FROM commits ORDER BY seq DESC LIMIT 1;
-- add_commit --
INSERT INTO commits (seq, at, ns, author, reason, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?);
-- commits_since --
SELECT seq, at, author, reason, body, hash, ns FROM commits WHERE seq > ? ORDER BY seq LIMIT ?;
-- hash_of --
SELECT hash FROM commits WHERE seq = ?;
-- commit_at --
SELECT max(seq) FROM commits WHERE at <= ?;
-- add_cube --
INSERT INTO cubes (row, id, version, ns, born, replaces, text, at, until, speaker, session, role, made, source, body,
  strength, importance, vectors, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- add_vector --
INSERT INTO vectors (pk, digest, vector) VALUES (?, ?, ?);
-- add_event --
INSERT OR IGNORE INTO events (ns, id, born, body, digest) VALUES (?, ?, ?, ?, ?);
-- standing --
SELECT row, version FROM cubes WHERE id = ? AND +ns = ? AND died IS NULL;
-- end_cube --
UPDATE cubes SET died = ? WHERE row = ?;
-- touch_cube --
UPDATE cubes SET strength = coalesce(?, strength), importance = coalesce(?, importance), touched = ? WHERE row = ?;
-- note_touch --
INSERT OR IGNORE INTO touches (row, seq, ns, strength, importance)
SELECT row, ?, ns, strength, importance FROM cubes WHERE row = ?;
-- note_use --
UPDATE touches SET used = max(coalesce(used, ?1), ?1) WHERE row = ?2 AND seq = ?3;
-- held_then --
SELECT strength, importance FROM touches WHERE row = ? AND seq > ? ORDER BY seq LIMIT 1;
-- weights --
SELECT row, coalesce(importance, 0), coalesce(strength, 1) FROM touches WHERE ns = ? AND seq > ? ORDER BY seq DESC;
-- touched --
SELECT DISTINCT row FROM touches WHERE ns = ? AND seq > ? AND seq <= ? ORDER BY row;
-- uses --
SELECT row, used FROM touches WHERE ns = ? AND seq > ? AND seq <= ? AND used IS NOT NULL ORDER BY seq;
-- erase_touches --
DELETE FROM touches WHERE row = ?;
-- add_once --
INSERT INTO once (ns, key, seq, row, said) VALUES (?, ?, ?, ?, ?);
-- once --
SELECT seq, row, said FROM once WHERE ns = ? AND key = ?;
-- reply --
SELECT reply FROM replies WHERE ns = ? AND key = ?;
-- add_reply --
INSERT OR REPLACE INTO replies (ns, key, reply) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM erased WHERE seq > ?);
-- erase_replies --
DELETE FROM replies WHERE ns = ?;
-- rows_after --
SELECT row, born FROM cubes WHERE row > ? ORDER BY row;
-- version --
SELECT row, died FROM cubes WHERE id = ? AND +ns = ? AND version = ?;
-- newest --
SELECT row, version, died FROM cubes WHERE id = ? AND +ns = ? ORDER BY version DESC LIMIT 1;
-- versions --
SELECT row, digest, length(CAST(text AS BLOB)), born, died, speaker, session, role, made FROM cubes
WHERE id = ? AND +ns = ?;
-- erase_cube --
DELETE FROM cubes WHERE row = ?;
-- erase_vectors --
DELETE FROM vectors WHERE pk >= ? AND pk < ?;
-- note_erased_event --
INSERT INTO erased_events (born, digest) SELECT born, digest FROM events WHERE ns = ?1 AND id = ?2
AND NOT EXISTS (SELECT 1 FROM cubes WHERE id = ?2 AND +ns = ?1);
-- erase_event --
DELETE FROM events WHERE ns = ?1 AND id = ?2 AND NOT EXISTS (SELECT 1 FROM cubes WHERE id = ?2 AND +ns = ?1);
-- erase_links --
DELETE FROM links WHERE pk IN
  (SELECT pk FROM links WHERE ns = ?1 AND head = ?2 UNION SELECT pk FROM links WHERE ns = ?1 AND tail = ?2);
-- note_erased --
INSERT INTO erased (row, ns, digest, seq) VALUES (?, ?, ?, ?);
-- add_derived --
INSERT OR IGNORE INTO derived (ns, source, row) VALUES (?, ?, ?);
-- erase_derived --
DELETE FROM derived WHERE ns = ? AND source = ? AND row = ?;
-- made_from --
SELECT row FROM derived WHERE ns = ? AND source = ? ORDER BY row;
-- link_times --
SELECT born, died, made FROM links WHERE ns = ?1 AND head = ?2 UNION SELECT born, died, made FROM links
WHERE ns = ?1 AND tail = ?2;
-- add_tomb --
INSERT OR IGNORE INTO tombs (digest) VALUES (?);
-- audit_derived --
SELECT ns, source, row FROM derived;
-- audit_unused --
SELECT id, name FROM names WHERE id NOT IN (
  SELECT ns FROM commits UNION SELECT speaker FROM cubes WHERE speaker IS NOT NULL
  UNION SELECT session FROM cubes WHERE session IS NOT NULL UNION SELECT role FROM cubes WHERE role IS NOT NULL
  UNION SELECT made FROM cubes WHERE made IS NOT NULL UNION SELECT made FROM links WHERE made IS NOT NULL);
-- audit_tombs --
SELECT digest FROM tombs;
-- trust_of --
SELECT body FROM (SELECT body, version FROM cubes WHERE id = ?1 AND +ns = ?2
  UNION ALL SELECT body, 0 FROM events WHERE id = ?1 AND ns = ?2) ORDER BY version DESC LIMIT 1;
-- buried --
SELECT 1 FROM tombs WHERE digest = ?;
-- note_unpurged --
INSERT INTO unpurged (seq) VALUES (?);
-- entry --
SELECT reason, body FROM commits WHERE seq = ?;
-- redact --
UPDATE commits SET reason = ?, body = ? WHERE seq = ?;
-- commits_of --
SELECT seq FROM commits WHERE ns = ?;
-- told --
SELECT body FROM events WHERE ns = ? AND id = ?;
-- is_cube --
SELECT 1 FROM cubes WHERE id = ? AND +ns = ? LIMIT 1;
-- inhabited --
SELECT 1 FROM cubes WHERE ns = ?1 UNION ALL SELECT 1 FROM links WHERE ns = ?1 OR made = ?1 LIMIT 1;
-- inhabited_by --
WITH RECURSIVE room (ns) AS (
  SELECT min(ns) FROM cubes UNION ALL
  SELECT (SELECT min(ns) FROM cubes WHERE ns > room.ns) FROM room WHERE room.ns IS NOT NULL
) SELECT n.name FROM room JOIN names n ON n.id = room.ns ORDER BY n.name;
-- name_used --
SELECT 1 FROM links WHERE made = ?1 UNION ALL SELECT 1 FROM commits WHERE ns = ?1 UNION ALL
SELECT 1 FROM cubes WHERE ns = ?1 LIMIT 1;
-- rename --
UPDATE names SET name = ? WHERE id = ?;
-- erased_since --
SELECT 1 FROM erased WHERE ns = ? AND seq > ? AND row <= ? LIMIT 1;
-- add_link --
INSERT INTO links (ns, head, tail, kind, weight, since, until, made, born) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);
-- end_link --
UPDATE links SET died = ? WHERE ns = ? AND head = ? AND tail = ? AND kind = ? AND died IS NULL;
-- read_links --
SELECT head, tail, kind, weight, since, until, made FROM links
WHERE pk IN (SELECT pk FROM links WHERE ns = ?1 AND head = ?2 UNION SELECT pk FROM links WHERE ns = ?1 AND tail = ?2)
AND (?3 = '' OR kind = ?3) AND born <= ?4 AND (died IS NULL OR died > ?4) ORDER BY pk;
-- links_since --
SELECT pk, head, tail, kind, weight, since, until, born, died FROM links
WHERE pk > ?1 AND +ns = ?2 AND born <= ?3 ORDER BY pk;
-- parted --
SELECT pk, died FROM links WHERE ns = ?1 AND head = ?2 AND tail = ?3 AND kind = ?4 AND died IS NOT NULL AND pk <= ?5;
-- erased_links --
SELECT 1 FROM erased WHERE ns = ? AND seq > ? LIMIT 1;
-- entries --
SELECT row, born, died, text, at, until, speaker, role, session, body, replaces, importance, strength,
  (SELECT c.at FROM commits c WHERE c.seq = cubes.born) FROM cubes WHERE ns = ? AND row > ? ORDER BY row LIMIT ?;
-- spoken_since --
SELECT NULL, NULL WHERE EXISTS (SELECT 1 FROM erased WHERE ns = ?1 AND seq > ?3 AND row <= ?4)
UNION ALL SELECT max(row), speaker FROM cubes WHERE ns = ?1 AND row > ?2 GROUP BY speaker;
-- entry_vectors --
SELECT v.pk, v.vector FROM cubes c JOIN vectors v ON v.pk >= c.row * 4096 AND v.pk < (c.row + 1) * 4096
WHERE c.ns = ? AND c.row > ? AND c.row <= ? ORDER BY v.pk;
-- deaths --
SELECT row, died FROM cubes WHERE ns = ? AND died > ?;
-- touches --
SELECT row, coalesce(importance, 0), coalesce(strength, 1) FROM cubes WHERE ns = ? AND touched > ?;
-- count --
SELECT n.name, count(*) FROM cubes c JOIN names n ON n.id = c.ns WHERE c.died IS NULL GROUP BY c.ns;
-- history --
SELECT row FROM cubes WHERE id = ? AND +ns = ? AND born <= ? ORDER BY +row;
-- read_event --
SELECT body FROM events WHERE ns = ? AND id = ? AND born <= ?;
-- facts --
SELECT name, value FROM facts;
-- record --
INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
-- name_of --
SELECT name FROM names WHERE id = ?;
-- id_of --
SELECT id FROM names WHERE name = ?;
-- add_name --
INSERT INTO names (name) VALUES (?);
-- audit_names --
SELECT id, name FROM names;
-- audit_cubes --
SELECT row, id, version, ns, text, at, until, speaker, session, role, made, source, body, strength, importance, born,
  died, replaces, touched, vectors, digest FROM cubes WHERE row > ? ORDER BY row LIMIT ?;
-- audit_vectors --
SELECT pk, digest, vector FROM vectors WHERE pk > ? ORDER BY pk LIMIT ?;
-- audit_resealed --
SELECT row, digest FROM resealed WHERE row > ? ORDER BY row LIMIT ?;
-- audit_touches --
SELECT row, seq, ns, strength, importance, used FROM touches ORDER BY row, seq;
-- audit_once --
SELECT ns, key, seq, row, said FROM once;
-- audit_events --
SELECT ns, id, born, body, digest FROM events;
-- audit_links --
SELECT ns, head, tail, kind, weight, since, until, made, born, died FROM links ORDER BY pk;
-- audit_erased --
SELECT row, ns, seq FROM erased ORDER BY row;
-- event_digests --
SELECT born, digest FROM events UNION ALL SELECT born, digest FROM erased_events ORDER BY born, digest;
-- digests --
SELECT row, digest FROM cubes WHERE row >= ?1 AND row <= ?2 UNION ALL
SELECT row, digest FROM erased WHERE row >= ?1 AND row <= ?2 ORDER BY row;
-- generation --
SELECT value FROM facts WHERE name = 'generation';
-- next_table --
CREATE TABLE vectors_next (pk INTEGER PRIMARY KEY, digest INTEGER NOT NULL, vector BLOB NOT NULL);
-- next_seals --
CREATE TABLE resealed_next (row INTEGER PRIMARY KEY, digest BLOB NOT NULL);
-- next_erased --
CREATE TRIGGER vectors_next_erased AFTER DELETE ON cubes BEGIN
  DELETE FROM vectors_next WHERE pk >= OLD.row * 4096 AND pk < (OLD.row + 1) * 4096;
  DELETE FROM resealed_next WHERE row = OLD.row;
END;
-- next_free --
DROP TRIGGER vectors_next_erased;
-- next_count --
SELECT sum(row <= ?), count(*) FROM cubes;
-- next_waiting --
SELECT row, born, replaces FROM cubes WHERE row > ? ORDER BY row LIMIT ?;
-- next_seal --
INSERT OR REPLACE INTO resealed_next (row, digest) SELECT row, x'' FROM cubes WHERE row > ? AND row <= ? AND vectors IS NOT NULL;
-- next_sealed --
INSERT OR REPLACE INTO resealed_next (row, digest) SELECT row, ?2 FROM cubes WHERE row = ?1;
-- next_names --
SELECT pk / 4096, digest FROM vectors WHERE pk >= ?1 * 4096 AND pk < (?2 + 1) * 4096 ORDER BY pk;
-- next_add --
INSERT OR REPLACE INTO vectors_next (pk, digest, vector)
SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM cubes WHERE row = ?4);
-- former --
SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'vectors_[0-9]*';
-- former_erased --
CREATE TRIGGER vectors_former_erased AFTER DELETE ON cubes BEGIN
  DELETE FROM vectors_former WHERE pk >= OLD.row * 4096 AND pk < (OLD.row + 1) * 4096;
END;
-- unseal --
DELETE FROM resealed WHERE row = ?;
-- next_speakers --
SELECT DISTINCT n.name, s.name FROM cubes c JOIN names n ON n.id = c.ns JOIN names s ON s.id = c.speaker WHERE c.row < ?;
-- lay_cube --
INSERT INTO cubes (row, id, version, ns, born, died, replaces, text, at, until, speaker, session, role, made, source,
  body, strength, importance, touched, vectors, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- lay_resealed --
INSERT INTO resealed (row, digest) VALUES (?, ?);
-- lay_touch --
INSERT INTO touches (row, seq, ns, strength, importance, used) VALUES (?, ?, ?, ?, ?, ?);
-- lay_erased_event --
INSERT INTO erased_events (born, digest) VALUES (?, ?);
-- lay_link --
INSERT INTO links (ns, head, tail, kind, weight, since, until, made, born, died) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
