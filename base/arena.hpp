#pragma once

#include <cstddef>
#include <cstdint>
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
    Arena(Arena&& other) noexcept
        : block_size_{ other.block_size_ }
        , blocks_{ std::exchange(other.blocks_, {}) }
        , next_{ std::exchange(other.next_, nullptr) }
        , end_{ std::exchange(other.end_, nullptr) }
    {
    }
    Arena& operator=(Arena&& other) noexcept
    {
        block_size_ = other.block_size_;
        blocks_ = std::exchange(other.blocks_, {});
        next_ = std::exchange(other.next_, nullptr);
        end_ = std::exchange(other.end_, nullptr);
        return *this;
    }
    ~Arena() = default;

    /// Inlined, since it is a few instructions and what every value and copy starts with.
    [[nodiscard, gnu::always_inline]] void* allocate(std::size_t size, std::size_t alignment)
    {
        const auto gap = (0 - reinterpret_cast<std::uintptr_t>(next_)) & (alignment - 1);
        // Less, not less or equal: without a block both sides are 0.
        if (size + gap < static_cast<std::size_t>(end_ - next_)) {
            auto* const start = next_ + gap;
            next_ = start + size;
            return start;
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

    /// Makes what starts there and was `size` long `wanted` long, where it is; false when it is not what was
    /// allocated last, or its block is full.
    [[nodiscard]] bool extend(const void* start, std::size_t size, std::size_t wanted) noexcept
    {
        const auto is_last = start != nullptr && static_cast<const std::byte*>(start) + size == next_;
        if (!is_last || wanted - size >= static_cast<std::size_t>(end_ - next_))
            return false;
        next_ += wanted - size;
        return true;
    }

    /// Forgets everything and keeps one block for reuse, so that a burst does not hold its memory for ever.
    void reset() noexcept
    {
        if (blocks_.size() > 1)
            blocks_.resize(1);
        next_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
        end_ = blocks_.empty() ? nullptr : next_ + blocks_.front().size;
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

    [[gnu::noinline]] void* allocate_from_next_block(std::size_t size)
    {
        const auto wanted = size > block_size_ ? size : block_size_;
        // A fresh block is aligned for every fundamental type, so its start serves any alignment asked for.
        blocks_.push_back({ std::make_unique_for_overwrite<std::byte[]>(wanted), wanted });
        auto* const start = blocks_.back().bytes.get();
        next_ = start + size;
        end_ = start + wanted;
        return start;
    }

    std::size_t block_size_;
    std::vector<Block> blocks_;
    std::byte* next_ = nullptr;  ///< in the last block
    std::byte* end_ = nullptr;
};

}  // namespace base
