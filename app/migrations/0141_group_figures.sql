-- Totals of groups that the law protects, as HR enters them for a school and a term: never worked out from people.
CREATE TABLE group_figures (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    term TEXT NOT NULL,
    totals TEXT NOT NULL,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, school, term),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
