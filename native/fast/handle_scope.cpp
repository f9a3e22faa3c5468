#include "fast/handle_scope.h"

namespace nearfar::fast {

bool find_handle_scopes(platform::LibraryHandle process, const KnownV8& known,
                        HandleScopes& scopes) {
  scopes.offset = known.handle_scopes;
  if (scopes.offset != 0) {
    return find(process, scopes.delete_extensions,
                "_ZN2v811HandleScope16DeleteExtensionsEPNS_7IsolateE");
  }
  return find(process, scopes.open, "_ZN2v811HandleScopeC1EPNS_7IsolateE") &&
         find(process, scopes.close, "_ZN2v811HandleScopeD1Ev");
}

}  // namespace nearfar::fast
