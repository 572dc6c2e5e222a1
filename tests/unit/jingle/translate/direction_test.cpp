#include <catch2/catch.hpp>

#include "jingle/direction.hpp"

using jingle::Role;
using jingle::Senders;
using sdp::Direction;

TEST_CASE("direction: senders follow the role of the writer, both ways", "[jingle][translate]")
{
    struct Row {
        Role writer;
        Direction direction;
        Senders senders;
    };
    const auto row = GENERATE(Row{ Role::initiator, Direction::sendrecv, Senders::both },
                              Row{ Role::initiator, Direction::sendonly, Senders::initiator },
                              Row{ Role::initiator, Direction::recvonly, Senders::responder },
                              Row{ Role::initiator, Direction::inactive, Senders::none },
                              Row{ Role::responder, Direction::sendrecv, Senders::both },
                              Row{ Role::responder, Direction::sendonly, Senders::responder },
                              Row{ Role::responder, Direction::recvonly, Senders::initiator },
                              Row{ Role::responder, Direction::inactive, Senders::none });
    CHECK(jingle::to_senders(row.direction, row.writer) == row.senders);
    CHECK(jingle::to_direction(row.senders, row.writer) == row.direction);
}

TEST_CASE("direction: an answer only narrows its offer", "[jingle][translate]")
{
    struct Row {
        Senders offered;
        std::optional<Senders> answered;
        Senders meant;
    };
    const auto row = GENERATE(
        Row{ Senders::both, std::nullopt, Senders::both }, Row{ Senders::both, Senders::both, Senders::both },
        Row{ Senders::both, Senders::initiator, Senders::initiator },
        Row{ Senders::both, Senders::responder, Senders::responder },
        Row{ Senders::both, Senders::none, Senders::none },
        Row{ Senders::both, Senders::rejected, Senders::rejected },
        Row{ Senders::initiator, std::nullopt, Senders::initiator },
        Row{ Senders::initiator, Senders::both, Senders::initiator },
        Row{ Senders::initiator, Senders::initiator, Senders::initiator },
        // impossible, so the mirror image is meant
        Row{ Senders::initiator, Senders::responder, Senders::initiator },
        Row{ Senders::initiator, Senders::none, Senders::none },
        Row{ Senders::responder, std::nullopt, Senders::responder },
        Row{ Senders::responder, Senders::both, Senders::responder },
        Row{ Senders::responder, Senders::initiator, Senders::responder },
        Row{ Senders::responder, Senders::none, Senders::none },
        Row{ Senders::none, std::nullopt, Senders::none }, Row{ Senders::none, Senders::both, Senders::none },
        Row{ Senders::none, Senders::rejected, Senders::rejected });
    CHECK(jingle::answered_senders(row.offered, row.answered) == row.meant);
}
