{'includes': ['native/addon.gypi']}
