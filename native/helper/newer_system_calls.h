#pragma once

// The numbers of system calls that the headers of an older system do not know: those of glibc 2.31,
// which the prebuilt binaries are compiled with, end at clone3. Calls as new as these have the same
// number on every machine (Linux, scripts/syscall.tbl).
#include <sys/syscall.h>

#if !defined(SYS_close_range)
#define SYS_close_range 436
#endif
#if !defined(SYS_openat2)
#define SYS_openat2 437
#endif
#if !defined(SYS_pidfd_getfd)
#define SYS_pidfd_getfd 438
#endif
#if !defined(SYS_faccessat2)
#define SYS_faccessat2 439
#endif
#if !defined(SYS_epoll_pwait2)
#define SYS_epoll_pwait2 441
#endif
#if !defined(SYS_landlock_create_ruleset)
#define SYS_landlock_create_ruleset 444
#endif
#if !defined(SYS_landlock_add_rule)
#define SYS_landlock_add_rule 445
#endif
#if !defined(SYS_landlock_restrict_self)
#define SYS_landlock_restrict_self 446
#endif
#if !defined(SYS_futex_waitv)
#define SYS_futex_waitv 449
#endif
