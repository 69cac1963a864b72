# --
# Copyright (c) 2026 the authors of otrs-jira-bridge
# SPDX-License-Identifier: MIT
# --

package Kernel::System::OtrsJiraBridge;

use strict;
use warnings;

use Digest::SHA ();
use LWP::UserAgent;
use List::Util  ();
use Time::HiRes ();

our @ObjectDependencies = (
    'Kernel::Config',
    'Kernel::System::Cache',
    'Kernel::System::Daemon::SchedulerDB',
    'Kernel::System::DateTime',
    'Kernel::System::Encode',
    'Kernel::System::JSON',
    'Kernel::System::Log',
    'Kernel::System::Main',
    'Kernel::System::Scheduler',
);

# How the tasks are called in the queue, e.g. in the output of Maint::Daemon::Summary.
my $TaskName = 'OtrsJiraBridge';

# Seconds. An event waits as long as it is old before it is tried again, so the distances double, and it ends after a day:
# by then the bridge's own search for changed tickets has found the change.
my $ShortestWait = 15;
my $LongestWait  = 4 * 3600;
my $EndsAfter    = 24 * 3600;

# Seconds. To start a worker costs far more than to send an event, so each takes along what else waits, for so long.
my $SendsFor = 20;

# Seconds, and how many times as long as it took to find out that the bridge is away. Meanwhile no event is tried: those that
# wait for a time-out must not take all workers of the daemon, which has other work too.
my $AwayAtLeast = 5;
my $AwayFactor  = 4;

# An outage that lasts is an error, once an hour; a restart of the bridge is none.
my $OutageAfter = 5 * 60;
my $OutageEvery = 3600;

=head1 NAME

Kernel::System::OtrsJiraBridge - tells the bridge that something happened to a ticket

=head1 DESCRIPTION

Each event is a task of the daemon's own queue, so a restart of OTRS loses none. The bridge gets a POST with a body like

    {"articleId":81,"event":"ArticleCreate","eventId":"0f0c…","ticketId":45,"time":1764229645123,"userId":3}

which is the same, byte by byte, whenever it is tried again, and whose HMAC-SHA256 stands in the header
C<X-Bridge-Signature: sha256=HEX>. It has nothing of the ticket's contents.

=cut

sub new {
    my ( $Type, %Param ) = @_;

    return bless( {}, $Type );
}

=head2 EventAdd()

puts an event into the queue. It gets its id and its time here.

    my $Success = $BridgeObject->EventAdd(
        event        => 'ArticleCreate',
        userId       => 3,
        ticketId     => 45,
        articleId    => 81,                # optional
        mainTicketId => 44,                # optional
    );

=cut

sub EventAdd {
    my ( $Self, %Event ) = @_;

    $Event{time}    = int( Time::HiRes::time() * 1000 );
    $Event{eventId} = $Kernel::OM->Get('Kernel::System::Main')->GenerateRandomString(
        Length     => 32,
        Dictionary => [ 0 .. 9, 'a' .. 'f' ],
    );

    return $Self->_TaskAdd( \%Event );
}

=head2 Send()

sends an event to the bridge, and after it the others that wait, or puts them back into the queue for later. Called by the daemon.

=cut

sub Send {
    my ( $Self, %Event ) = @_;

    my $Until = time() + $SendsFor;
    $Self->_Deliver(%Event);

    my $QueueObject = $Kernel::OM->Get('Kernel::System::Daemon::SchedulerDB');
    my $NodeID      = $Kernel::OM->Get('Kernel::Config')->Get('NodeID') || 1;

    TASK:
    for my $TaskID ( $Self->_TaskIDs('Task') ) {
        last TASK if time() >= $Until;

        # The task of the event above is locked by this very process, others by other workers.
        my %Task = $QueueObject->TaskGet( TaskID => $TaskID );
        next TASK if !%Task || $Task{LockKey};
        next TASK if !$QueueObject->TaskLock( TaskID => $TaskID, NodeID => $NodeID, PID => $$ );

        $Self->_Deliver( %{ $Task{Data}->{Params} } );
        $QueueObject->TaskDelete( TaskID => $TaskID );
    }

    return 1;
}

=head2 TasksDelete()

takes the events that wait out of the queue. Called when the package is uninstalled.

=cut

sub TasksDelete {
    my ( $Self, %Param ) = @_;

    my $QueueObject = $Kernel::OM->Get('Kernel::System::Daemon::SchedulerDB');
    for my $Kind (qw(FutureTask Task)) {
        my $Delete = $Kind . 'Delete';
        $QueueObject->$Delete( TaskID => $_ ) for $Self->_TaskIDs($Kind);
    }

    return 1;
}

# Of the package's own tasks, oldest first. The kind is Task, or FutureTask for those that wait for their time.
sub _TaskIDs {
    my ( $Self, $Kind ) = @_;

    my $List  = $Kind . 'List';
    my @Tasks = $Kernel::OM->Get('Kernel::System::Daemon::SchedulerDB')->$List( Type => 'AsynchronousExecutor' );

    return map { $_->{TaskID} } grep { ( $_->{Name} || '' ) eq $TaskName } @Tasks;
}

sub _Deliver {
    my ( $Self, %Event ) = @_;

    my $Setting = $Kernel::OM->Get('Kernel::Config')->Get('OtrsJiraBridge::Notifier') || {};
    return 1 if !$Setting->{URL} || !$Setting->{Key};

    my $CacheObject = $Kernel::OM->Get('Kernel::System::Cache');
    my %Away        = ( Type => $TaskName, Key => 'Away', CacheInMemory => 0 );
    my $Problem     = $CacheObject->Get(%Away);
    return $Self->_SendAgain( \%Event, $Problem ) if $Problem;

    # The queue would take an exception for success.
    my $Began = time();
    my ( $Code, $Status ) = eval { $Self->_Post( $Setting, \%Event ) };
    ( $Code, $Status ) = ( 500, "$@" ) if !$Code;
    return 1 if $Code =~ m{ \A 2 }xms;

    # An event that the bridge cannot read says nothing about the next one.
    my $AwayFor = List::Util::max( $AwayAtLeast, $AwayFactor * ( time() - $Began ) );
    $CacheObject->Set( %Away, Value => $Status, TTL => $AwayFor ) if $Code != 400;

    return $Self->_SendAgain( \%Event, $Status );
}

sub _TaskAdd {
    my ( $Self, $Event, $Seconds ) = @_;

    my %Later;
    if ($Seconds) {
        my $DateTimeObject = $Kernel::OM->Create('Kernel::System::DateTime');
        $DateTimeObject->Add( Seconds => $Seconds );
        $Later{ExecutionTime} = $DateTimeObject->ToString();
    }

    return $Kernel::OM->Get('Kernel::System::Scheduler')->TaskAdd(
        %Later,
        Type => 'AsynchronousExecutor',
        Name => $TaskName,

        # A worker that is killed half-way leaves the event to another one. The bridge knows by its id that it had it.
        Attempts => 3,
        Data     => {
            Object   => __PACKAGE__,
            Function => 'Send',
            Params   => $Event,
        },
    );
}

sub _SendAgain {
    my ( $Self, $Event, $Problem ) = @_;

    my $Age  = List::Util::max( 0, time() - int( $Event->{time} / 1000 ) );
    my $What = "the event $Event->{eventId} ($Event->{event}, ticket $Event->{ticketId}) did not reach the bridge: $Problem;";
    if ( $Age >= $EndsAfter ) {
        $Self->_Log( $Age, "$What given up after a day, the bridge finds the change by its own search" );
        return 1;
    }

    # Spread, so that the events of an outage do not come back all at once.
    my $Wait = List::Util::min( List::Util::max( $Age, $ShortestWait ), $LongestWait );
    $Wait = int( $Wait * ( 0.9 + rand 0.2 ) );
    $Self->_Log( $Age, "$What tried again in $Wait seconds" );

    return $Self->_TaskAdd( $Event, $Wait );
}

# Errors go to the administrator by mail, so there is one an hour at most. The others are notices.
sub _Log {
    my ( $Self, $Age, $Message ) = @_;

    my $CacheObject = $Kernel::OM->Get('Kernel::System::Cache');
    my %Told        = ( Type => $TaskName, Key => 'Told', CacheInMemory => 0 );
    my $IsError     = $Age >= $OutageAfter && !$CacheObject->Get(%Told);
    $CacheObject->Set( %Told, Value => 1, TTL => $OutageEvery ) if $IsError;

    return $Kernel::OM->Get('Kernel::System::Log')->Log(
        Priority => $IsError ? 'error' : 'notice',
        Message  => "$TaskName: $Message",
    );
}

# Gives status code and status line; a bridge that cannot be reached is a 500 of its own making.
sub _Post {
    my ( $Self, $Setting, $Event ) = @_;

    # Numbers are numbers, whatever Perl and the queue took them for meanwhile.
    my %Data = %{$Event};
    $Data{$_} += 0 for grep {m{ \A (?: time | \w+Id ) \z }xms && $_ ne 'eventId'} keys %Data;

    my $EncodeObject = $Kernel::OM->Get('Kernel::System::Encode');
    my $Body         = $Kernel::OM->Get('Kernel::System::JSON')->Encode( Data => \%Data, SortKeys => 1 );
    my $Key          = $Setting->{Key};
    $EncodeObject->EncodeOutput( \$Body );
    $EncodeObject->EncodeOutput( \$Key );

    $Self->{UserAgent} ||= $Self->_UserAgent( $Setting->{TimeoutSeconds} || 15 );
    my $Response = $Self->{UserAgent}->post(
        $Setting->{URL},
        'Content-Type'       => 'application/json',
        'X-Bridge-Signature' => 'sha256=' . Digest::SHA::hmac_sha256_hex( $Body, $Key ),
        Content              => $Body,
    );

    return ( $Response->code(), $Response->status_line() );
}

# Proxy and certificates are those of all requests of OTRS. Kernel::System::WebUserAgent itself can send forms only.
sub _UserAgent {
    my ( $Self, $TimeoutSeconds ) = @_;

    my $ConfigObject = $Kernel::OM->Get('Kernel::Config');
    my $UserAgent    = LWP::UserAgent->new(
        agent        => $TaskName,
        keep_alive   => 1,
        timeout      => $TimeoutSeconds,
        max_redirect => 0,
        max_size     => 4096,
        parse_head   => 0,
    );
    $UserAgent->ssl_opts( verify_hostname => 0 ) if $ConfigObject->Get('WebUserAgent::DisableSSLVerification');

    my $Proxy = $ConfigObject->Get('WebUserAgent::Proxy');
    $UserAgent->proxy( [ 'http', 'https' ], $Proxy ) if $Proxy;
    $UserAgent->no_proxy( grep {$_} split m{ \s* ; \s* }xms, $ConfigObject->Get('WebUserAgent::NoProxy') || '' );

    return $UserAgent;
}

1;
