#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace base {

/// A bump allocator: values read from one stanza or one SDP live here and die together.
/// Nothing in it is ever destroyed, so only trivially destructible types may be made in it.
/// Not thread-safe. Views into it are valid until reset() or the arena's end.
class Arena {
public:
    static constexpr std::size_t default_block = 16 * 1024;

    explicit Arena(std::size_t block_size = default_block)
        : block_size_{ block_size }
    {
    }
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    Arena(Arena&&) noexcept = default;
    Arena& operator=(Arena&&) noexcept = default;
    ~Arena() = default;

    [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment)
    {
        const auto start = (used_ + alignment - 1) & ~(alignment - 1);
        if (current_ < blocks_.size() && start + size <= blocks_[current_].size) {
            used_ = start + size;
            return blocks_[current_].bytes.get() + start;
        }
        return allocate_from_next_block(size);
    }

    /// A copy of `text` that lives as long as the arena. Empty text costs nothing.
    [[nodiscard]] std::string_view copy(std::string_view text)
    {
        if (text.empty())
            return {};
        auto* bytes = static_cast<char*>(allocate(text.size(), 1));
        std::memcpy(bytes, text.data(), text.size());
        return { bytes, text.size() };
    }

    /// The pieces one after the other, as one text.
    template <class... Pieces>
    [[nodiscard]] std::string_view concat(const Pieces&... pieces)
    {
        const auto size = (std::string_view{ pieces }.size() + ... + 0);
        auto* bytes = static_cast<char*>(allocate(size, 1));
        auto* at = bytes;
        const auto add = [&at](std::string_view piece) {
            if (!piece.empty())
                std::memcpy(at, piece.data(), piece.size());
            at += piece.size();
        };
        (add(std::string_view{ pieces }), ...);
        return { bytes, size };
    }

    template <class T, class... Args>
    [[nodiscard]] T* make(Args&&... args)
    {
        static_assert(std::is_trivially_destructible_v<T>);
        return ::new (allocate(sizeof(T), alignof(T))) T{ std::forward<Args>(args)... };
    }

    template <class T>
    [[nodiscard]] T* make_array(std::size_t count)
    {
        static_assert(std::is_trivially_destructible_v<T>);
        return static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    }

    /// Forgets everything and keeps one block for reuse, so that a burst does not hold its memory for ever.
    void reset() noexcept
    {
        if (blocks_.size() > 1)
            blocks_.resize(1);
        current_ = 0;
        used_ = 0;
    }

    /// Bytes held from the system, for limits and tests.
    [[nodiscard]] std::size_t capacity() const noexcept
    {
        std::size_t sum = 0;
        for (const auto& block : blocks_)
            sum += block.size;
        return sum;
    }

private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };

    void* allocate_from_next_block(std::size_t size)
    {
        const auto wanted = size > block_size_ ? size : block_size_;
        // A fresh block is aligned for every fundamental type, so its start serves any alignment asked for.
        blocks_.push_back({ std::make_unique_for_overwrite<std::byte[]>(wanted), wanted });
        current_ = blocks_.size() - 1;
        used_ = size;
        return blocks_[current_].bytes.get();
    }

    std::size_t block_size_;
    std::vector<Block> blocks_;
    std::size_t current_ = 0;
    std::size_t used_ = 0;
};

}  // namespace base
