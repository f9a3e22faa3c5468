#pragma once

// Included before everything else in the helper. GCC 12's headers know that its own glibc has
// pthread_cond_clockwait, which came with 2.30: std::condition_variable is to do without it.
#include <bits/c++config.h>
#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
