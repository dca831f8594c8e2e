-- Cases of a register by where they stand, such as those of leavers whose last day is over.
CREATE INDEX case_file_state ON case_file (trust, register, state);
