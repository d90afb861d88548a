-- A touch may note the moment of a use.
ALTER TABLE touches ADD COLUMN used REAL;
