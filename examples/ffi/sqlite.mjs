// SQLite: statements, values of every kind both ways, rows driven by a C callback, an SQL function
// written in JavaScript, errors, and handles that are given back.
//   node examples/ffi/sqlite.mjs
import { cdef, toString as textAt, toArrayBuffer, toBuffer } from "nearfar/ffi";
import { openLibrary } from "./support.mjs";

// From sqlite3.h, as it stands there.
const header = cdef(
  `
  typedef struct sqlite3 sqlite3;
  typedef struct sqlite3_stmt sqlite3_stmt;
  typedef struct sqlite3_value sqlite3_value;
  typedef struct sqlite3_context sqlite3_context;
  typedef long long int sqlite3_int64;

  #define SQLITE_OK     0
  #define SQLITE_ROW  100  /* sqlite3_step() has another row ready */
  #define SQLITE_DONE 101  /* sqlite3_step() has finished executing */
  #define SQLITE_INTEGER  1
  #define SQLITE_FLOAT    2
  #define SQLITE3_TEXT    3
  #define SQLITE_BLOB     4
  #define SQLITE_NULL     5
  #define SQLITE_UTF8           1
  #define SQLITE_DETERMINISTIC  0x000000800

  SQLITE_API int sqlite3_open(const char *filename, sqlite3 **ppDb);
  SQLITE_API int sqlite3_close_v2(sqlite3*);
  SQLITE_API const char *sqlite3_errmsg(sqlite3*);
  SQLITE_API void sqlite3_free(void*);
  SQLITE_API int sqlite3_exec(
    sqlite3*,                                  /* An open database */
    const char *sql,                           /* SQL to be evaluated */
    int (*callback)(void*,int,char**,char**),  /* Callback function */
    void *,                                    /* 1st argument to callback */
    char **errmsg                              /* Error msg written here */
  );

  SQLITE_API int sqlite3_prepare_v2(sqlite3 *db, const char *zSql, int nByte,
                                    sqlite3_stmt **ppStmt, const char **pzTail);
  SQLITE_API int sqlite3_bind_blob(sqlite3_stmt*, int, const void*, int n, void(*)(void*));
  SQLITE_API int sqlite3_bind_double(sqlite3_stmt*, int, double);
  SQLITE_API int sqlite3_bind_int64(sqlite3_stmt*, int, sqlite3_int64);
  SQLITE_API int sqlite3_bind_null(sqlite3_stmt*, int);
  SQLITE_API int sqlite3_bind_text(sqlite3_stmt*,int,const char*,int,void(*)(void*));
  SQLITE_API int sqlite3_step(sqlite3_stmt*);
  SQLITE_API int sqlite3_reset(sqlite3_stmt *pStmt);
  SQLITE_API int sqlite3_finalize(sqlite3_stmt *pStmt);

  SQLITE_API int sqlite3_column_count(sqlite3_stmt *pStmt);
  SQLITE_API const char *sqlite3_column_name(sqlite3_stmt*, int N);
  SQLITE_API int sqlite3_column_type(sqlite3_stmt*, int iCol);
  SQLITE_API int sqlite3_column_bytes(sqlite3_stmt*, int iCol);
  SQLITE_API const void *sqlite3_column_blob(sqlite3_stmt*, int iCol);
  SQLITE_API double sqlite3_column_double(sqlite3_stmt*, int iCol);
  SQLITE_API sqlite3_int64 sqlite3_column_int64(sqlite3_stmt*, int iCol);

  SQLITE_API int sqlite3_create_function(
    sqlite3 *db,
    const char *zFunctionName,
    int nArg,
    int eTextRep,
    void *pApp,
    void (*xFunc)(sqlite3_context*,int,sqlite3_value**),
    void (*xStep)(sqlite3_context*,int,sqlite3_value**),
    void (*xFinal)(sqlite3_context*)
  );
  SQLITE_API int sqlite3_value_type(sqlite3_value*);
  SQLITE_API int sqlite3_value_bytes(sqlite3_value*);
  SQLITE_API const void *sqlite3_value_blob(sqlite3_value*);
  SQLITE_API double sqlite3_value_double(sqlite3_value*);
  SQLITE_API sqlite3_int64 sqlite3_value_int64(sqlite3_value*);
  SQLITE_API void sqlite3_result_blob(sqlite3_context*, const void*, int, void(*)(void*));
  SQLITE_API void sqlite3_result_double(sqlite3_context*, double);
  SQLITE_API void sqlite3_result_error(sqlite3_context*, const char*, int);
  SQLITE_API void sqlite3_result_int64(sqlite3_context*, sqlite3_int64);
  SQLITE_API void sqlite3_result_null(sqlite3_context*);
  SQLITE_API void sqlite3_result_text(sqlite3_context*, const char*, int, void(*)(void*));
`,
  { ignore: ["SQLITE_API"] },
);

const names = { linux: "libsqlite3.so.0", darwin: "libsqlite3.dylib", win32: "sqlite3.dll" };
const lib = openLibrary(names, "libsqlite3-0", { types: header });
const sqlite = lib.getFunctions(header);
const C = header.constants;

/** ((sqlite3_destructor_type)-1): SQLite makes its own copy of a text or blob. */
const TRANSIENT = 0xffff_ffff_ffff_ffffn;

/** Gives C a value: `kind` is `bind` (statement, index) or `result` (context). */
function put(kind, target, value) {
  const as = (type, ...rest) => sqlite[`sqlite3_${kind}_${type}`](...target, ...rest);
  if (value === null || value === undefined) return as("null");
  if (typeof value === "bigint") return as("int64", value);
  if (typeof value === "number") return as("double", value);
  if (typeof value === "string") return as("text", value, Buffer.byteLength(value), TRANSIENT);
  return as("blob", value, value.byteLength, TRANSIENT);
}

/** Takes a value from C: `kind` is `column` (statement, index) or `value` (value). */
function take(kind, ...source) {
  const as = (type) => sqlite[`sqlite3_${kind}_${type}`](...source);
  const type = as("type");
  if (type === C.SQLITE_NULL) return null;
  if (type === C.SQLITE_INTEGER) return as("int64");
  if (type === C.SQLITE_FLOAT) return as("double");
  const address = as("blob"); // before the length, as SQLite's manual wants it
  const bytes = toBuffer(address, as("bytes"));
  return type === C.SQLITE3_TEXT ? bytes.toString() : bytes;
}

/** The `count` pointers at an address. */
const pointersAt = (address, count) => [...new BigUint64Array(toArrayBuffer(address, 8 * count))];

class Database {
  #handle;
  #callbacks = [];

  constructor(path) {
    const handle = [null]; // sqlite3 **: C writes it into the array
    const code = sqlite.sqlite3_open(path, handle);
    this.#handle = handle[0]; // also after an error there is one to close
    if (code !== C.SQLITE_OK) {
      const error = this.error();
      this[Symbol.dispose]();
      throw error;
    }
  }

  error() {
    return new Error(sqlite.sqlite3_errmsg(this.#handle));
  }

  /** Runs some SQL; `onRow` is called by C for each row, everything as text. */
  execute(sql, onRow) {
    const callback =
      onRow &&
      ((_context, count, values, columns) => {
        const keys = pointersAt(columns, count).map(textAt);
        const texts = pointersAt(values, count).map(textAt);
        onRow(Object.fromEntries(keys.map((key, index) => [key, texts[index]])));
        return 0;
      });
    const message = [null];
    if (sqlite.sqlite3_exec(this.#handle, sql, callback, null, message) === C.SQLITE_OK) return;
    const error = new Error(textAt(message[0]));
    sqlite.sqlite3_free(message[0]);
    throw error;
  }

  prepare(sql) {
    const handle = [null];
    const code = sqlite.sqlite3_prepare_v2(this.#handle, sql, -1, handle, null);
    if (code !== C.SQLITE_OK) throw this.error();
    return new Statement(this, handle[0]);
  }

  /** Makes a JavaScript function one of SQL's. What it throws is an error of the statement. */
  define(name, body) {
    const xFunc = lib.registerCallback(
      "void (*)(sqlite3_context *, int, sqlite3_value **)",
      (context, count, values) => {
        try {
          const args = pointersAt(values, count).map((value) => take("value", value));
          put("result", [context], body(...args));
        } catch (error) {
          sqlite.sqlite3_result_error(context, error.message, -1);
        }
      },
    );
    this.#callbacks.push(xFunc);
    const flags = C.SQLITE_UTF8 | C.SQLITE_DETERMINISTIC;
    const create = sqlite.sqlite3_create_function;
    const code = create(this.#handle, name, body.length, flags, null, xFunc, null, null);
    if (code !== C.SQLITE_OK) throw this.error();
  }

  [Symbol.dispose]() {
    sqlite.sqlite3_close_v2(this.#handle);
    for (const callback of this.#callbacks) lib.unregisterCallback(callback);
  }
}

class Statement {
  #database;
  #handle;

  constructor(database, handle) {
    this.#database = database;
    this.#handle = handle;
  }

  /** Runs it with these values for its `?`s, and gives its rows as they come. */
  *rows(...values) {
    for (const [index, value] of values.entries()) {
      if (put("bind", [this.#handle, index + 1], value) !== C.SQLITE_OK) {
        throw this.#database.error();
      }
    }
    try {
      let code = sqlite.sqlite3_step(this.#handle);
      for (; code === C.SQLITE_ROW; code = sqlite.sqlite3_step(this.#handle)) yield this.#row();
      if (code !== C.SQLITE_DONE) throw this.#database.error();
    } finally {
      sqlite.sqlite3_reset(this.#handle);
    }
  }

  run(...values) {
    return [...this.rows(...values)];
  }

  #row() {
    const row = {};
    for (let column = 0; column < sqlite.sqlite3_column_count(this.#handle); column++) {
      const name = sqlite.sqlite3_column_name(this.#handle, column);
      row[name] = take("column", this.#handle, column);
    }
    return row;
  }

  [Symbol.dispose]() {
    sqlite.sqlite3_finalize(this.#handle);
  }
}

// On Node 24 and later: `using database = new Database(":memory:")`, and no `finally`.
const database = new Database(":memory:");
try {
  database.execute("CREATE TABLE planet (name TEXT, moons INTEGER, mass REAL, sign BLOB, note)");
  const insert = database.prepare("INSERT INTO planet VALUES (?, ?, ?, ?, ?)");
  insert.run("Earth", 1n, 5.97e24, new Uint8Array([0xe2, 0x99, 0x81]), null);
  insert.run("Saturn", 146n, 5.68e26, Buffer.from("♄"), "rings");
  insert[Symbol.dispose]();

  const select = database.prepare("SELECT * FROM planet WHERE moons > ? ORDER BY mass");
  for (const row of select.rows(0n)) {
    console.log(row.name, row.moons, row.mass, row.sign.toString(), row.note);
  }
  select[Symbol.dispose]();

  database.execute("SELECT name, moons FROM planet", ({ name, moons }) => {
    console.log(`from C: ${name} has ${moons}`);
  });

  database.define("reversed", (text) => {
    if (typeof text !== "string") throw new TypeError("reversed() takes text");
    return [...text].reverse().join("");
  });
  const reversed = database.prepare("SELECT reversed(?) AS word");
  console.log(reversed.run("Grüße")[0].word);

  const refuseRow = ({ name }) => {
    throw new RangeError(`no more rows after ${name}`);
  };
  const failures = [
    () => reversed.run(42n),
    () => database.prepare("SELECT * FROM moon"),
    () => database.execute("INSERT INTO planet VALUES (1)"),
    () => database.execute("SELECT name FROM planet", refuseRow), // thrown through C
    () => new Database("/no/such/directory/planets.db"),
  ];
  for (const fail of failures) {
    try {
      fail();
    } catch (error) {
      console.log(`${error.name}: ${error.message}`);
    }
  }
  reversed[Symbol.dispose]();
} finally {
  database[Symbol.dispose]();
}
