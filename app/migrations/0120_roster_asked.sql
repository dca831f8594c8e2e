-- A change about which a person is asked whether it is of the same person: matched by e-mail address,
-- or by name and school. 'instead_of' is the number of the change that is made where they are not.
ALTER TABLE roster_change ADD COLUMN asked TEXT CHECK (asked IN ('address', 'name'));
ALTER TABLE roster_change ADD COLUMN instead_of BIGINT;
UPDATE roster_change SET asked = 'address' WHERE merge IS NOT NULL;

-- What somebody answered, for the next time: whether the roster's id stands for that person.
CREATE TABLE roster_same (
    trust TEXT NOT NULL,
    external_id TEXT NOT NULL,
    record TEXT NOT NULL,
    same BIGINT NOT NULL CHECK (same IN (0, 1)),
    PRIMARY KEY (trust, external_id, record),
    FOREIGN KEY (trust, record) REFERENCES person (trust, id)
);
CREATE INDEX roster_same_record ON roster_same (trust, record);
