-- A filter of the list of cases that somebody has named, for themselves alone. 'query' is the query of its address.
CREATE TABLE case_view (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, person, name),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
