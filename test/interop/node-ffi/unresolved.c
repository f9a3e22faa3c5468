// Uses a function that no library has. Compiled by run.mjs.
int nowhere_at_all(void);

int one(void) { return 1; }
int use_it(void) { return nowhere_at_all(); }
