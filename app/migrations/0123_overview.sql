-- What the overview counts: cases opened in a term, and deadlines that have passed and still run.
CREATE INDEX case_file_opened ON case_file (trust, opened_at);
CREATE INDEX case_deadline_running ON case_deadline (trust, ended_at, due_at);
