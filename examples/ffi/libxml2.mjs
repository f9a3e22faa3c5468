// libxml2: a document parsed, searched by XPath, changed and written again; structs that C owns are
// read at their address, and what C gave away goes back to it.
//   node examples/ffi/libxml2.mjs
import { adopt, array, cdef, load, toString as textAt } from "nearfar/ffi";
import { openLibrary } from "./support.mjs";

// From libxml/parser.h, tree.h and xpath.h; `_Nullable` is added where null is passed.
const header = cdef(
  `
  typedef unsigned char xmlChar;
  typedef struct _xmlDoc xmlDoc, *xmlDocPtr;
  typedef struct _xmlNode xmlNode, *xmlNodePtr;
  typedef struct _xmlXPathContext xmlXPathContext, *xmlXPathContextPtr;

  typedef enum {
      XML_PARSE_RECOVER   = 1<<0, /* recover on errors */
      XML_PARSE_NOERROR   = 1<<5, /* suppress error reports */
      XML_PARSE_NOWARNING = 1<<6, /* suppress warning reports */
      XML_PARSE_NONET     = 1<<11 /* Forbid network access */
  } xmlParserOption;

  XMLPUBFUN xmlDocPtr XMLCALL xmlReadMemory(const char *buffer, int size,
    const char *_Nullable URL, const char *_Nullable encoding, int options);
  XMLPUBFUN void XMLCALL xmlFreeDoc(xmlDocPtr cur);
  XMLPUBFUN xmlNodePtr XMLCALL xmlDocGetRootElement(const xmlDoc *doc);
  XMLPUBFUN xmlChar * XMLCALL xmlNodeGetContent(const xmlNode *cur);
  XMLPUBFUN int XMLCALL xmlNodeSetContent(xmlNodePtr cur, const xmlChar *content);
  XMLPUBFUN void XMLCALL xmlDocDumpMemory(xmlDocPtr cur, xmlChar **mem, int *size);

  typedef struct _xmlError {
      int domain;         /* What part of the library raised this error */
      int code;           /* The error code, e.g. an xmlParserError */
      const char *message;/* human-readable informative error message */
      int level;          /* how consequent is the error */
      const char *file;   /* the filename */
      int line;           /* the line number if available */
  } xmlError, *xmlErrorPtr;
  XMLPUBFUN xmlErrorPtr XMLCALL xmlGetLastError(void);

  typedef struct _xmlNodeSet {
      int nodeNr;           /* number of nodes in the set */
      int nodeMax;          /* size of the array as allocated */
      xmlNodePtr *nodeTab;  /* array of nodes in no particular order */
  } xmlNodeSet, *xmlNodeSetPtr;
  typedef enum { XPATH_UNDEFINED, XPATH_NODESET, XPATH_BOOLEAN, XPATH_NUMBER, XPATH_STRING }
    xmlXPathObjectType;
  typedef struct _xmlXPathObject {
      xmlXPathObjectType type;
      xmlNodeSetPtr nodesetval;
      int boolval;
      double floatval;
      const char *stringval;
  } xmlXPathObject, *xmlXPathObjectPtr;
  XMLPUBFUN xmlXPathContextPtr XMLCALL xmlXPathNewContext(xmlDocPtr doc);
  XMLPUBFUN void XMLCALL xmlXPathFreeContext(xmlXPathContextPtr ctxt);
  XMLPUBFUN xmlXPathObjectPtr XMLCALL xmlXPathEvalExpression(const char *str,
                                                             xmlXPathContextPtr ctxt);
  XMLPUBFUN void XMLCALL xmlXPathFreeObject(xmlXPathObjectPtr obj);
`,
  { ignore: ["XMLPUBFUN", "XMLCALL"] },
);

const names = { linux: "libxml2.so.2", darwin: "libxml2.dylib", win32: "libxml2.dll" };
const lib = openLibrary(names, "libxml2", { types: header });
const xml = lib.getFunctions(header);
const C = header.constants;
const { xmlError, xmlXPathObject, xmlNodeSet } = header.types;

/** libxml2 allocates by C's own malloc, unless it is told otherwise. */
const { free } = lib.getFunctions({ free: "void free(void *)" });

/** A parsed document; freed by `using` (Node 24), by `free()`, or by the collector. */
function parse(text) {
  const options = C.XML_PARSE_NOERROR | C.XML_PARSE_NOWARNING | C.XML_PARSE_NONET;
  const address = xml.xmlReadMemory(text, Buffer.byteLength(text), null, null, options);
  if (address !== 0n) return adopt(address, { free: xml.xmlFreeDoc });
  const { message, line } = load(xml.xmlGetLastError(), xmlError);
  throw new SyntaxError(`line ${line}: ${message.trim()}`);
}

/** What an XPath expression finds: the addresses of nodes, a number, a string or a boolean. */
function evaluate(document, expression) {
  const context = xml.xmlXPathNewContext(document);
  const address = xml.xmlXPathEvalExpression(expression, context);
  xml.xmlXPathFreeContext(context);
  if (address === 0n) throw new SyntaxError(`XPath: ${expression}`);
  const result = load(address, xmlXPathObject);
  const { nodeNr, nodeTab } =
    result.nodesetval === 0n ? { nodeNr: 0 } : load(result.nodesetval, xmlNodeSet);
  const nodes = nodeNr === 0 ? [] : load(nodeTab, array("pointer", nodeNr));
  xml.xmlXPathFreeObject(address); // of the nodes it frees the list only: they are the document's
  switch (result.type) {
    case C.XPATH_NODESET:
      return nodes;
    case C.XPATH_BOOLEAN:
      return result.boolval !== 0;
    case C.XPATH_NUMBER:
      return result.floatval;
    default:
      return result.stringval;
  }
}

/** A text that C gave away. */
function takeText(address) {
  const text = textAt(address);
  free(address);
  return text;
}

function write(document) {
  const memory = [null];
  const size = [0];
  xml.xmlDocDumpMemory(document, memory, size);
  return takeText(memory[0]);
}

const document = parse(`<menu>
  <dish price="4.50">Käsespätzle</dish>
  <dish price="3.20">Brezel &amp; Obatzda</dish>
</menu>`);

for (const node of evaluate(document, "//dish")) console.log(takeText(xml.xmlNodeGetContent(node)));
console.log("dishes", evaluate(document, "count(//dish)"));
console.log("total", evaluate(document, "sum(//@price)"));
console.log("cheapest", evaluate(document, "string(//dish[@price < 4])"));
console.log("vegan", evaluate(document, "boolean(//dish[@vegan])"));

const [price] = evaluate(document, "//dish[1]/@price");
xml.xmlNodeSetContent(price, "4.80");
console.log(write(document).split("\n")[2]);
document.free();

for (const fail of [() => parse("<menu>\n<dish>"), () => evaluate(document, "1")]) {
  try {
    fail();
  } catch (error) {
    console.log(`${error.code ?? error.name}: ${error.message}`);
  }
}
