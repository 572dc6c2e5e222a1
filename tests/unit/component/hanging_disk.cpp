// A disk that hangs, for a process that is started with this in LD_PRELOAD: as soon as the file that
// $DISK_HANGS_WHEN names exists, no write and no fsync returns.

#include <cstdlib>

#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

void maybe_hang()
{
    const char* const name = std::getenv("DISK_HANGS_WHEN");
    while (name != nullptr && access(name, F_OK) == 0)
        pause();
}

template <class Function>
Function next(const char* name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at)
{
    maybe_hang();
    return next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, at);
}

int fsync(int file)
{
    maybe_hang();
    return next<int (*)(int)>("fsync")(file);
}

int fdatasync(int file)
{
    maybe_hang();
    return next<int (*)(int)>("fdatasync")(file);
}
}
