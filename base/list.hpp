#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "base/arena.hpp"

namespace base {

/// A growing sequence whose elements live in an Arena; itself trivially copyable.
/// A copy shares the elements with its original: only one of them may be changed afterwards.
template <class T>
class List {
public:
    using value_type = T;

    List() = default;

    /// A list of `items`, copied into the arena.
    List(Arena& arena, std::initializer_list<T> items)
    {
        for (const auto& item : items)
            push_back(arena, item);
    }

    /// `item` may be one of the list: an arena takes nothing back.
    T& push_back(Arena& arena, const T& item)
    {
        static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
        if (size_ == capacity_)
            grow(arena);
        return *::new (items_ + size_++) T{ item };
    }

    /// Room for `count` elements in all, so that appending them moves nothing.
    void reserve(Arena& arena, std::size_t count)
    {
        if (count > capacity_)
            grow_to(arena, static_cast<std::uint32_t>(count));
    }

    [[nodiscard]] T* begin() noexcept { return items_; }
    [[nodiscard]] T* end() noexcept { return items_ + size_; }
    [[nodiscard]] const T* begin() const noexcept { return items_; }
    [[nodiscard]] const T* end() const noexcept { return items_ + size_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    [[nodiscard]] T& operator[](std::size_t index) noexcept
    {
        assert(index < size_);
        return items_[index];
    }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept
    {
        assert(index < size_);
        return items_[index];
    }
    [[nodiscard]] T& front() noexcept { return (*this)[0]; }
    [[nodiscard]] const T& front() const noexcept { return (*this)[0]; }
    [[nodiscard]] T& back() noexcept { return (*this)[size_ - 1]; }
    [[nodiscard]] const T& back() const noexcept { return (*this)[size_ - 1]; }

    /// Removes what `predicate` holds for, in place and in order; returns how many went.
    template <class Predicate>
    std::size_t erase_if(Predicate predicate)
    {
        const auto kept = std::remove_if(begin(), end(), predicate);
        const auto gone = static_cast<std::size_t>(end() - kept);
        size_ -= static_cast<std::uint32_t>(gone);
        return gone;
    }

    void clear() noexcept { size_ = 0; }

    friend bool operator==(const List& a, const List& b)
    {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

private:
    static constexpr std::uint32_t first_capacity = 4;

    [[gnu::noinline]] void grow(Arena& arena)
    {
        grow_to(arena, capacity_ == 0 ? first_capacity : capacity_ * 2);
    }

    /// In place where it can: a list that is read in one go is often what the arena made last.
    void grow_to(Arena& arena, std::uint32_t wanted)
    {
        if (!arena.extend(items_, sizeof(T) * capacity_, sizeof(T) * wanted)) {
            auto* items = arena.make_array<T>(wanted);
            std::copy(begin(), end(), items);
            items_ = items;
        }
        capacity_ = wanted;
    }

    T* items_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
};

}  // namespace base
