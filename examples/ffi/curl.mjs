// libcurl, without the network: a struct that C returns a pointer to, an array of strings ended by
// a null pointer, enumerations by name, and strings that go back to the library.
//   node examples/ffi/curl.mjs
import { cdef, getUint64, load, toString as textAt } from "nearfar/ffi";
import { openLibrary } from "./support.mjs";

// From curl/curl.h and urlapi.h; `_Nullable` is added where null is passed.
const header = cdef(
  `
  typedef void CURL;
  typedef struct Curl_URL CURLU;

  typedef enum { CURLVERSION_FIRST, CURLVERSION_SECOND, CURLVERSION_THIRD } CURLversion;
  struct curl_version_info_data {
    CURLversion age;          /* age of the returned struct */
    const char *version;      /* LIBCURL_VERSION */
    unsigned int version_num; /* LIBCURL_VERSION_NUM */
    const char *host;         /* OS/host/cpu/machine when configured */
    int features;             /* bitmask, see defines below */
    const char *ssl_version;  /* human readable string */
    long ssl_version_num;     /* not used anymore, always 0 */
    const char *libz_version; /* human readable string */
    /* protocols is terminated by an entry with a NULL protoname */
    const char * const *protocols;
    /* more fields, by age */
  };
  typedef struct curl_version_info_data curl_version_info_data;
  #define CURL_VERSION_SSL (1<<2)
  CURL_EXTERN curl_version_info_data *curl_version_info(CURLversion);

  CURL_EXTERN char *curl_easy_escape(CURL *handle, const char *string, int length);
  CURL_EXTERN char *curl_easy_unescape(CURL *handle, const char *string,
                                       int length, int *outlength);
  CURL_EXTERN void curl_free(void *p);

  typedef enum { CURLUE_OK, CURLUE_BAD_HANDLE, CURLUE_BAD_PARTPOINTER, CURLUE_MALFORMED_INPUT,
                 CURLUE_BAD_PORT_NUMBER, CURLUE_UNSUPPORTED_SCHEME } CURLUcode;
  typedef enum { CURLUPART_URL, CURLUPART_SCHEME, CURLUPART_USER, CURLUPART_PASSWORD,
                 CURLUPART_OPTIONS, CURLUPART_HOST, CURLUPART_PORT, CURLUPART_PATH,
                 CURLUPART_QUERY, CURLUPART_FRAGMENT, CURLUPART_ZONEID } CURLUPart;
  CURL_EXTERN CURLU *curl_url(void);
  CURL_EXTERN void curl_url_cleanup(CURLU *handle);
  CURL_EXTERN CURLUcode curl_url_get(const CURLU *handle, CURLUPart what,
                                     char **part, unsigned int flags);
  CURL_EXTERN CURLUcode curl_url_set(CURLU *handle, CURLUPart what,
                                     const char *part, unsigned int flags);
  CURL_EXTERN const char *curl_url_strerror(CURLUcode);
`,
  { ignore: ["CURL_EXTERN"] },
);

const names = { linux: "libcurl.so.4", darwin: "libcurl.dylib", win32: "libcurl.dll" };
const curl = openLibrary(names, "libcurl4").getFunctions(header);
const C = header.constants;

/** A text that libcurl allocated. */
function take(address) {
  const text = textAt(address);
  curl.curl_free(address);
  return text;
}

/** The strings of an array that a null pointer ends. */
function* textsAt(address) {
  for (let at = address; getUint64(at) !== 0n; at += 8n) yield textAt(getUint64(at));
}

const info = load(curl.curl_version_info("CURLVERSION_FIRST"), header.types.curl_version_info_data);
const protocols = [...textsAt(info.protocols)];
console.log("libcurl", /^\d+\.\d+\.\d+/.test(info.version), "over", protocols.includes("https"));
console.log("TLS", (info.features & C.CURL_VERSION_SSL) !== 0, info.ssl_version !== null);

const escaped = take(curl.curl_easy_escape(null, "käse & brot", 0));
const length = [0];
console.log(escaped, take(curl.curl_easy_unescape(null, escaped, 0, length)), length[0]);

const url = curl.curl_url();
try {
  const check = (code) => {
    if (code !== C.CURLUE_OK) throw new Error(curl.curl_url_strerror(code));
  };
  const get = (part) => {
    const text = [null];
    check(curl.curl_url_get(url, part, text, 0));
    return take(text[0]);
  };
  check(curl.curl_url_set(url, "CURLUPART_URL", "https://near.example:8443/a/b?c=d#e", 0));
  check(curl.curl_url_set(url, "CURLUPART_URL", "../far", 0)); // relative to the first
  console.log(get("CURLUPART_URL"), get("CURLUPART_HOST"), get("CURLUPART_PORT"));
  check(curl.curl_url_set(url, "CURLUPART_PORT", "eighty", 0));
} catch (error) {
  console.log(error.message);
} finally {
  curl.curl_url_cleanup(url);
}
