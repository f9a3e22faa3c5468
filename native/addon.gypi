{
  'target_defaults': {
    'cflags_cc': ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers',
                  '-Wno-psabi'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fexceptions'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
      'GCC_ENABLE_CPP_EXCEPTIONS': 'NO',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
    },
    'msvs_settings': {'VCCLCompilerTool': {'AdditionalOptions': ['/std:c++20'], 'ExceptionHandling': 0}},
  },
  'targets': [
    {
      'target_name': 'nearfar',
      'include_dirs': ['.'],
      'defines': [
        'NAPI_VERSION=9',
        'NEARFAR_VERSION="<!(node -p "require(\'./package.json\').version")"',
      ],
      'sources': [
        'abi/aapcs64.cpp',
        'abi/closure.cpp',
        'abi/closure_aapcs64.cpp',
        'abi/closure_sysv_x64.cpp',
        'abi/closure_win64.cpp',
        'abi/sysv_x64.cpp',
        'abi/win64.cpp',
        'addon/addon.cpp',
        'addon/call.cpp',
        'addon/crypto.cpp',
        'addon/crypto_keys.cpp',
        'addon/library.cpp',
        'addon/memory.cpp',
        'addon/signature.cpp',
        'core/errors.cpp',
        'core/types.cpp',
        'crypto/digest.cpp',
        'crypto/direct_digest.cpp',
        'crypto/encoding.cpp',
        'crypto/key.cpp',
        'crypto/libcrypto.cpp',
        'fast/crossing.cpp',
        'napi/napi.cpp',
      ],
      'conditions': [
        ['OS=="win"', {
          'sources': ['abi/closure_memory_windows.cpp', 'platform/library_windows.cpp'],
        }, {
          'sources': ['abi/closure_memory_posix.cpp', 'platform/library_posix.cpp'],
          'cflags': ['-fvisibility=hidden'],
        }],
        ['OS=="linux"', {
          'libraries': ['-ldl'],
          'ldflags': ['-Wl,--version-script=<(module_root_dir)/native/addon/exports.map'],
        }],
      ],
    },
  ],
}
