// What jemalloc, the server's allocator, is to do.

/// Read by jemalloc before main (jemalloc(3), "TUNING"): memory that nobody uses goes back to the
/// system within seconds, also when the server is idle, and a thread keeps only small pieces aside.
extern "C" const char* malloc_conf;
const char* malloc_conf =
    "background_thread:true,narenas:2,lg_tcache_max:10,dirty_decay_ms:2000,muzzy_decay_ms:0";
