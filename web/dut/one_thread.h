// SPDX-License-Identifier: Apache-2.0
//
// What Verilator's headers name and a C++ library for WASI without threads lacks. Included before
// everything else (-include). One thread: a lock is never contended, and nothing can be waited for.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <istream>
#include <mutex>
#include <string>
#include <thread>

#if defined(__wasi__) && !defined(CLOCK_PROCESS_CPUTIME_ID)
#define CLOCK_PROCESS_CPUTIME_ID CLOCK_MONOTONIC
#endif

namespace std {
#if defined(__wasi__) && !_LIBCPP_HAS_FILESYSTEM
// Verilator asks /proc/self/status how much memory it uses; here there is none to ask.
template <>
class basic_ifstream<char, char_traits<char>> : public istream {
 public:
  explicit basic_ifstream(const char*) : istream(nullptr) {}
  explicit basic_ifstream(const string&) : istream(nullptr) {}
  void close() {}
};
#endif

#if defined(__wasi__) && !_LIBCPP_HAS_THREADS
class mutex {
 public:
  void lock() {}
  void unlock() {}
  bool try_lock() { return true; }
};

class condition_variable {
 public:
  void notify_one() {}
  void notify_all() {}
  template <class Lock>
  void wait(Lock&) {
    abort();
  }
  template <class Lock, class Predicate>
  void wait(Lock&, Predicate holds) {
    if (!holds()) abort();
  }
};
class condition_variable_any : public condition_variable {};

class thread {
 public:
  struct id {
    bool operator==(const id&) const { return true; }
  };
  using native_handle_type = int;
  template <class... Arguments>
  explicit thread(Arguments&&...) {
    abort();
  }
  void join() {}
  native_handle_type native_handle() { return 0; }
  static unsigned hardware_concurrency() { return 1; }
};

namespace this_thread {
inline thread::id get_id() { return {}; }
inline void yield() {}
}  // namespace this_thread
#endif
}  // namespace std

#if defined(__wasi__)
#define thread_local  // its destructors need __cxa_thread_atexit, which wasi-libc has not
#endif
