# --
# Copyright (c) 2026 the authors of otrs-jira-bridge
# SPDX-License-Identifier: MIT
# --

package Kernel::GenericInterface::Operation::OtrsJiraBridge::LinkAdd;

use strict;
use warnings;

use parent qw(
    Kernel::GenericInterface::Operation::Common
    Kernel::GenericInterface::Operation::Ticket::Common
);

our $ObjectManagerDisabled = 1;

=head1 NAME

Kernel::GenericInterface::Operation::OtrsJiraBridge::LinkAdd - links two tickets

=head1 DESCRIPTION

The interface as shipped can read and write tickets and cannot link them.

=head2 Run()

    my $Result = $OperationObject->Run(
        Data => {
            SessionID      => '...',           # or UserLogin and Password, of an agent
            SourceTicketID => 12,              # the parent of a ParentChild link
            TargetTicketID => 34,
            Type           => 'ParentChild',   # or Normal, the default, or another type that is possible between tickets
        },
    );

Answers with { LinkAdded => 1 }, also where the link is there already, with { LinkAdded => 0 } where the two are linked in a way
that excludes this one (OTRS keeps one of Normal and ParentChild, and one direction), and with an error otherwise. The agent needs
read access to both tickets, which is what linking by hand takes.

=cut

sub new {
    my ( $Type, %Param ) = @_;

    for my $Needed (qw(DebuggerObject WebserviceID)) {
        return { Success => 0, ErrorMessage => "Got no $Needed!" } if !$Param{$Needed};
    }

    return bless( { map { $_ => $Param{$_} } qw(DebuggerObject WebserviceID) }, $Type );
}

sub Run {
    my ( $Self, %Param ) = @_;

    my $Ready = $Self->Init( WebserviceID => $Self->{WebserviceID} );
    return $Self->ReturnError(
        ErrorCode    => 'Webservice.InvalidConfiguration',
        ErrorMessage => $Ready->{ErrorMessage},
    ) if !$Ready->{Success};

    my ( $UserID, $UserType ) = $Self->Auth(%Param);
    return $Self->_Refuse( 'AuthFail', 'Authorization failing!' )    if !$UserID;
    return $Self->_Refuse( 'AuthFail', 'User needs to be an agent!' ) if $UserType ne 'User';

    my $Data = $Param{Data};
    for my $Key (qw(SourceTicketID TargetTicketID)) {
        my $TicketID = $Data->{$Key};
        return $Self->_Refuse( 'MissingParameter', "$Key parameter is missing!" )    if !$TicketID;
        return $Self->_Refuse( 'InvalidParameter', "$Key is not the ID of a ticket!" ) if $TicketID !~ m{ \A [1-9] \d{0,17} \z }xms;
        return $Self->_Refuse( 'AccessDenied', "User does not have access to the ticket in $Key!" )
            if !$Self->CheckAccessPermissions( TicketID => $TicketID, UserID => $UserID, UserType => $UserType );
    }

    return $Self->_Refuse( 'InvalidParameter', 'A ticket cannot be linked with itself!' )
        if $Data->{SourceTicketID} == $Data->{TargetTicketID};

    my $LinkType = $Data->{Type} || 'Normal';
    my %Possible = $Kernel::OM->Get('Kernel::System::LinkObject')->PossibleTypesList(
        Object1 => 'Ticket',
        Object2 => 'Ticket',
        UserID  => $UserID,
    );
    return $Self->_Refuse( 'InvalidParameter', 'Type must be one of ' . join( ', ', sort keys %Possible ) . '!' )
        if !$Possible{$LinkType};

    return $Self->_Link( $Data->{SourceTicketID}, $Data->{TargetTicketID}, $LinkType, $UserID );
}

sub _Link {
    my ( $Self, $SourceTicketID, $TargetTicketID, $LinkType, $UserID ) = @_;

    my $LinkObject = $Kernel::OM->Get('Kernel::System::LinkObject');
    my $Added      = $LinkObject->LinkAdd(
        SourceObject => 'Ticket',
        SourceKey    => $SourceTicketID,
        TargetObject => 'Ticket',
        TargetKey    => $TargetTicketID,
        Type         => $LinkType,
        State        => 'Valid',
        UserID       => $UserID,
    );
    return { Success => 1, Data => { LinkAdded => 1 } } if $Added;

    my %Linked = $LinkObject->LinkKeyList(
        Object1 => 'Ticket',
        Key1    => $SourceTicketID,
        Object2 => 'Ticket',
        State   => 'Valid',
        UserID  => $UserID,
    );
    return { Success => 1, Data => { LinkAdded => 0 } } if $Linked{$TargetTicketID};

    return $Self->_Refuse( 'LinkNotAdded', 'The link could not be added!' );
}

sub _Refuse {
    my ( $Self, $Reason, $Message ) = @_;

    return $Self->ReturnError(
        ErrorCode    => "LinkAdd.$Reason",
        ErrorMessage => "LinkAdd: $Message",
    );
}

1;
