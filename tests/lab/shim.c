/* Preloaded into Carillon by a test: the wall clock can be put forward and back, and the way of marked stanzas through
 * the process is timed. What it knows and tells is in a file that the test maps as well; see shim.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { marks = 1 << 16, digits = 8 };
static const char mark[] = "relay-mark-";

struct shared {
    int64_t offset_ns;
    int64_t arrived[marks], departed[marks];
};

static struct shared* shared;
static int (*real_clock_gettime)(clockid_t, struct timespec*);
static ssize_t (*real_recv)(int, void*, size_t, int);
static ssize_t (*real_send)(int, const void*, size_t, int);
static ssize_t (*real_recvmsg)(int, struct msghdr*, int);
static ssize_t (*real_sendmsg)(int, const struct msghdr*, int);

__attribute__((constructor)) static void begin(void)
{
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    real_recv = dlsym(RTLD_NEXT, "recv");
    real_send = dlsym(RTLD_NEXT, "send");
    real_recvmsg = dlsym(RTLD_NEXT, "recvmsg");
    real_sendmsg = dlsym(RTLD_NEXT, "sendmsg");
    const char* path = getenv("LAB_SHIM");
    const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void* mapped = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED)
        shared = mapped;
    close(fd);
}

int clock_gettime(clockid_t clock, struct timespec* out)
{
    const int failed = real_clock_gettime(clock, out);
    if (failed || !shared || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return failed;
    int64_t ns = out->tv_nsec + shared->offset_ns % 1000000000;
    out->tv_sec += shared->offset_ns / 1000000000 + (ns >= 1000000000) - (ns < 0);
    out->tv_nsec = (ns + 1000000000) % 1000000000;
    return 0;
}

time_t time(time_t* out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval* out, void* zone)
{
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

/* Notes when each mark in these bytes was first seen going this way. */
static void note(const char* bytes, ssize_t size, int64_t* seen)
{
    const char* const end = bytes + (size > 0 ? size : 0);
    while (shared && (bytes = memmem(bytes, (size_t)(end - bytes), mark, sizeof mark - 1))) {
        bytes += sizeof mark - 1;
        if (end - bytes < digits)
            return;
        int64_t number = 0;
        for (int i = 0; i < digits; ++i)
            number = number * 10 + (bytes[i] - '0');
        struct timespec now;
        real_clock_gettime(CLOCK_MONOTONIC, &now);
        if (number >= 0 && number < marks && seen[number] == 0)
            seen[number] = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    }
}

static void note_all(const struct msghdr* message, ssize_t size, int64_t* seen)
{
    for (size_t i = 0; size > 0 && i < (size_t)message->msg_iovlen; ++i) {
        const struct iovec* part = &message->msg_iov[i];
        const ssize_t here = size < (ssize_t)part->iov_len ? size : (ssize_t)part->iov_len;
        note(part->iov_base, here, seen);
        size -= here;
    }
}

ssize_t recv(int fd, void* bytes, size_t size, int flags)
{
    const ssize_t got = real_recv(fd, bytes, size, flags);
    if (shared)
        note(bytes, got, shared->arrived);
    return got;
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags)
{
    const ssize_t got = real_recvmsg(fd, message, flags);
    if (shared)
        note_all(message, got, shared->arrived);
    return got;
}

ssize_t send(int fd, const void* bytes, size_t size, int flags)
{
    if (shared)
        note(bytes, (ssize_t)size, shared->departed);
    return real_send(fd, bytes, size, flags);
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags)
{
    if (shared)
        for (size_t i = 0; i < (size_t)message->msg_iovlen; ++i)
            note(message->msg_iov[i].iov_base, (ssize_t)message->msg_iov[i].iov_len, shared->departed);
    return real_sendmsg(fd, message, flags);
}
