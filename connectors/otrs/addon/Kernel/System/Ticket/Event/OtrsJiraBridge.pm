# --
# Copyright (c) 2026 the authors of otrs-jira-bridge
# SPDX-License-Identifier: MIT
# --

package Kernel::System::Ticket::Event::OtrsJiraBridge;

use strict;
use warnings;

our @ObjectDependencies = (
    'Kernel::Config',
    'Kernel::System::Log',
    'Kernel::System::OtrsJiraBridge',
    'Kernel::System::Ticket',
    'Kernel::System::User',
);

=head1 NAME

Kernel::System::Ticket::Event::OtrsJiraBridge - puts the bridge's events into the task queue

=head1 DESCRIPTION

Runs at the end of an agent's request, so all it does is to note that something happened: sending is the daemon's work.

=cut

sub new {
    my ( $Type, %Param ) = @_;

    return bless( {}, $Type );
}

sub Run {
    my ( $Self, %Param ) = @_;

    # Whatever goes wrong here, what the agent did is done.
    eval { $Self->_Note(%Param); 1 } || $Kernel::OM->Get('Kernel::System::Log')->Log(
        Priority => 'error',
        Message  => "OtrsJiraBridge: the event $Param{Event} is lost: $@",
    );

    return 1;
}

sub _Note {
    my ( $Self, %Param ) = @_;

    my $Setting  = $Kernel::OM->Get('Kernel::Config')->Get('OtrsJiraBridge::Notifier') || {};
    my $TicketID = $Param{Data}->{TicketID};
    return if !$Setting->{URL} || !$Setting->{Key} || !$TicketID;
    return if !grep { $_ eq $Param{Event} } @{ $Setting->{Events} || [] };
    return if $Self->_IsOwn( $Setting->{OwnLogin}, $Param{UserID} );
    return if !$Self->_IsWatched( $Setting->{Queues}, $Param{Data} );

    my %Event = (
        event    => $Param{Event},
        userId   => $Param{UserID},
        ticketId => $TicketID,
    );
    $Event{articleId}    = $Param{Data}->{ArticleID}    if $Param{Data}->{ArticleID};
    $Event{mainTicketId} = $Param{Data}->{MainTicketID} if $Param{Data}->{MainTicketID};

    return $Kernel::OM->Get('Kernel::System::OtrsJiraBridge')->EventAdd(%Event);
}

# The bridge needs no news of what it has done itself.
sub _IsOwn {
    my ( $Self, $Login, $UserID ) = @_;

    return if !$Login;

    my $OwnID = $Kernel::OM->Get('Kernel::System::User')->UserLookup( UserLogin => $Login, Silent => 1 );

    return $OwnID && $OwnID == $UserID;
}

# A ticket that is moved out of the queues is told of once more, and so is one that can no longer be read.
sub _IsWatched {
    my ( $Self, $Queues, $Data ) = @_;

    my %IsWatched = map { $_ => 1 } grep {$_} @{ $Queues || [] };
    return 1 if !%IsWatched;
    return 1 if $Data->{OldTicketData} && $IsWatched{ $Data->{OldTicketData}->{Queue} || '' };

    for my $TicketID ( grep {$_} $Data->{TicketID}, $Data->{MainTicketID} ) {
        my %Ticket = $Kernel::OM->Get('Kernel::System::Ticket')->TicketGet(
            TicketID      => $TicketID,
            DynamicFields => 0,
            UserID        => 1,
            Silent        => 1,
        );
        return 1 if !%Ticket || $IsWatched{ $Ticket{Queue} };
    }

    return;
}

1;
