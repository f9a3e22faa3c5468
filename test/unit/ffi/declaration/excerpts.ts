/**
 * Declarations in the style of well-known headers: their names, and the ways of writing that make
 * them hard to read. Each is C on its own, so that a compiler can judge what is made of it.
 */

export const SQLITE = `
#ifndef SQLITE3_H
#define SQLITE3_H
#ifndef SQLITE_EXTERN
# define SQLITE_EXTERN extern
#endif
#ifndef SQLITE_API
# define SQLITE_API
#endif
#define SQLITE_VERSION "3.40.1"
#define SQLITE_VERSION_NUMBER 3040001
#define SQLITE_OK           0   /* Successful result */
#define SQLITE_ERROR_RETRY  (SQLITE_OK | (2<<8))
#define SQLITE_STATIC      ((sqlite3_destructor_type)0)
typedef long long int sqlite_int64;
typedef unsigned long long int sqlite_uint64;
typedef sqlite_int64 sqlite3_int64;
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_context sqlite3_context;
typedef struct Mem sqlite3_value;
SQLITE_API SQLITE_EXTERN const char sqlite3_version[];
typedef int (*sqlite3_callback)(void*,int,char**, char**);
typedef void (*sqlite3_destructor_type)(void*);
typedef struct sqlite3_file sqlite3_file;
struct sqlite3_file {
  const struct sqlite3_io_methods *pMethods;  /* Methods for an open file */
};
typedef struct sqlite3_io_methods sqlite3_io_methods;
struct sqlite3_io_methods {
  int iVersion;
  int (*xClose)(sqlite3_file*);
  int (*xRead)(sqlite3_file*, void*, int iAmt, sqlite3_int64 iOfst);
  int (*xFetch)(sqlite3_file*, sqlite3_int64 iOfst, int iAmt, void **pp);
};
struct sqlite3_module {
  int iVersion;
  int (*xFindFunction)(struct sqlite3_vtab *pVtab, int nArg, const char *zName,
                       void (**pxFunc)(sqlite3_context*,int,sqlite3_value**),
                       void **ppArg);
  int (*xShadowName)(const char*);
};
SQLITE_API int sqlite3_exec(
  sqlite3*,                                  /* An open database */
  const char *sql,                           /* SQL to be evaluated */
  int (*callback)(void*,int,char**,char**),  /* Callback function */
  void *,                                    /* 1st argument to callback */
  char **errmsg                              /* Error msg written here */
);
SQLITE_API int sqlite3_open(const char *filename, sqlite3 **ppDb);
SQLITE_API double sqlite3_column_double(sqlite3_stmt*, int iCol);
SQLITE_API const unsigned char *sqlite3_column_text(sqlite3_stmt*, int iCol);
SQLITE_API void *sqlite3_update_hook(
  sqlite3*,
  void(*)(void *,int ,char const *,char const *,sqlite_int64),
  void*
);
SQLITE_API char *sqlite3_mprintf(const char*,...);
#endif
`;

export const ZLIB = `
#define OF(args) args
#define Z_NO_FLUSH      0
#define Z_DATA_ERROR   (-3)
#define MAX_WBITS   15 /* 32K LZ77 window */
typedef unsigned char  Byte;
typedef unsigned int   uInt;
typedef unsigned long  uLong;
typedef Byte  Bytef;
typedef void *voidpf;
typedef voidpf (*alloc_func)(voidpf opaque, uInt items, uInt size);
typedef void   (*free_func)(voidpf opaque, voidpf address);
struct internal_state;
typedef struct z_stream_s {
    const Bytef *next_in;     /* next input byte */
    uInt     avail_in;
    uLong    total_in;
    Bytef    *next_out;
    uInt     avail_out;
    uLong    total_out;
    const char *msg;
    struct internal_state *state;
    alloc_func zalloc;
    free_func  zfree;
    voidpf     opaque;
    int     data_type;
    uLong   adler;
    uLong   reserved;
} z_stream;
typedef z_stream *z_streamp;
typedef struct gz_header_s {
    int     text; uLong   time; int     xflags, os;
    Bytef   *extra; uInt    extra_len, extra_max;
    Bytef   *name;
    int     hcrc, done;
} gz_header;
extern const char * zlibVersion(void);
extern int deflateInit_(z_streamp strm, int level, const char *version, int stream_size);
extern int compress(Bytef *dest, uLong *destLen, const Bytef *source, uLong sourceLen);
extern uLong crc32_combine(uLong crc1, uLong crc2, long len2);
`;

export const LIBXML = `
#define XMLCALL
typedef unsigned char xmlChar;
typedef enum {
    XML_ELEMENT_NODE=		1,
    XML_ATTRIBUTE_NODE=		2,
    XML_DOCB_DOCUMENT_NODE=	21
} xmlElementType;
typedef xmlElementType *xmlElementTypePtr;
typedef enum { XML_ERR_NONE = 0, XML_ERR_FATAL = 3 } xmlErrorLevel;
typedef struct _xmlNode xmlNode;
typedef xmlNode *xmlNodePtr;
struct _xmlDoc;
struct _xmlNode {
    void           *_private;
    xmlElementType   type;	/* type number, must be second ! */
    const xmlChar   *name;
    struct _xmlNode *children, *last, *parent, *next, *prev;
    struct _xmlDoc  *doc;
    xmlChar         *content;
    unsigned short   line, extra;
};
typedef struct _xmlError xmlError;
typedef xmlError *xmlErrorPtr;
struct _xmlError {
    int domain, code;
    char *message;
    xmlErrorLevel level;
    char *file;
    int line;
    char *str1, *str2, *str3;
    int int1, int2;
    void *ctxt, *node;
};
typedef void (*xmlStructuredErrorFunc)(void *userData, xmlErrorPtr error);
typedef void (XMLCALL *xmlGenericErrorFunc) (void *ctx, const char *msg, ...)
    __attribute__((format(printf, 2, 3)));
void XMLCALL xmlSetStructuredErrorFunc(void *ctx, xmlStructuredErrorFunc handler);
xmlNodePtr XMLCALL xmlNewNode(struct _xmlNs *ns, const xmlChar *name);
extern int *(*xmlFind(xmlNodePtr cur))[4];
`;

export const CURL = `
#define CURL_EXTERN __attribute__((visibility("default")))
#define CURLOPTTYPE_LONG          0
#define CURLOPTTYPE_OBJECTPOINT   10000
#define CURLOPT(na,t,nu) na = t + nu
#define CURL_BLOB_COPY   1
typedef void CURL;
typedef long curl_off_t;
typedef int curl_socket_t;
struct curl_slist {
  char *data;
  struct curl_slist *next;
};
struct curl_blob { void *data; unsigned long len; unsigned int flags; };
typedef enum {
  CURLE_OK = 0,
  CURLE_UNSUPPORTED_PROTOCOL,    /* 1 */
  CURLE_OBSOLETE4 __attribute__((deprecated)) = 4,
  CURL_LAST = 99 /* never use! */
} CURLcode;
typedef enum { CURLMSG_NONE, CURLMSG_DONE, CURLMSG_LAST } CURLMSG;
struct CURLMsg {
  CURLMSG msg;
  CURL *easy_handle;
  union {
    void *whatever;
    CURLcode result;
  } data;
};
typedef struct CURLMsg CURLMsg;
typedef unsigned long (*curl_write_callback)(char *buffer, unsigned long size,
                                             unsigned long nitems, void *outstream);
CURL_EXTERN CURL *curl_easy_init(void);
CURL_EXTERN CURLcode curl_easy_setopt(CURL *curl, int option, ...);
CURL_EXTERN struct curl_slist *curl_slist_append(struct curl_slist *list, const char *data);
CURL_EXTERN CURLMsg *curl_multi_info_read(void *multi_handle, int *msgs_in_queue);
`;

export const RAYLIB = `
#define RLAPI
#define PI 3.14159265358979323846f
#define RL_CALLOC(n,sz)   calloc(n,sz)
typedef struct Vector2 { float x; float y; } Vector2;
typedef struct Vector3 { float x, y, z; } Vector3;
typedef struct Matrix {
    float m0, m4, m8, m12;  // Matrix first row (4 components)
    float m1, m5, m9, m13;
    float m2, m6, m10, m14;
    float m3, m7, m11, m15;
} Matrix;
typedef struct Color { unsigned char r, g, b, a; } Color;
typedef struct Rectangle { float x, y, width, height; } Rectangle;
typedef struct Image { void *data; int width; int height; int mipmaps; int format; } Image;
typedef struct Texture { unsigned int id; int width, height, mipmaps, format; } Texture;
typedef Texture Texture2D;
typedef struct GlyphInfo { int value, offsetX, offsetY, advanceX; Image image; } GlyphInfo;
typedef struct Font {
    int baseSize, glyphCount, glyphPadding;
    Texture2D texture;
    Rectangle *recs;
    GlyphInfo *glyphs;
} Font;
typedef struct Camera3D { Vector3 position, target, up; float fovy; int projection; } Camera3D;
typedef Camera3D Camera;
typedef enum { FLAG_VSYNC_HINT = 0x00000040, FLAG_MSAA_4X_HINT = 0x00000020 } ConfigFlags;
typedef void (*AudioCallback)(void *bufferData, unsigned int frames);
RLAPI void InitWindow(int width, int height, const char *title);
RLAPI Vector3 Vector3Add(Vector3 v1, Vector3 v2);
RLAPI Image LoadImageAnim(const char *fileName, int *frames);
RLAPI void DrawTextEx(Font font, const char *text, Vector2 position, float size, Color tint);
RLAPI const char *TextFormat(const char *text, ...);
`;
