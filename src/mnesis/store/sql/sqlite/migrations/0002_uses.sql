-- A touch may note the moment of a use.
ALTER TABLE touches ADD COLUMN used REAL;
-- What a language model said, by a digest of the question; of no namespace once something in it was erased.
CREATE TABLE replies (
  ns TEXT NOT NULL, key BLOB NOT NULL, reply TEXT NOT NULL, PRIMARY KEY (ns, key)
) WITHOUT ROWID;
