#!/usr/bin/perl
# People at work in the help desk: what the agent's and the customer's pages do, by the same calls of its Perl interface.
# Run in the help desk's home by its user. Reads one JSON object a line from standard input ({"do": "move", "login":
# "petrova.2l", ...}) and answers with one line each: {"ok": ...} or {"error": "..."}.
use strict;
use warnings;
use utf8;

use lib '.', './Kernel/cpan-lib', './Custom';

use JSON         ();
use MIME::Base64 ();
use Kernel::System::ObjectManager;

local $Kernel::OM;

my $JSON = JSON->new()->utf8(1)->canonical(1)->allow_nonref(1);
my %Act  = (
    create   => \&Create,
    move     => sub { Set( 'TicketQueueSet',    'Queue',    @_ ) },
    state    => sub { Set( 'TicketStateSet',    'State',    @_ ) },
    priority => sub { Set( 'TicketPrioritySet', 'Priority', @_ ) },
    type     => sub { Set( 'TicketTypeSet',     'Type',     @_ ) },
    service  => sub { Set( 'TicketServiceSet',  'Service',  @_ ) },
    title    => sub { Set( 'TicketTitleUpdate', 'Title',    @_ ) },
    owner    => sub { Set( 'TicketOwnerSet',    'Owner',    @_ ) },
    field    => \&Field,
    article  => \&Article,
    merge    => \&Merge,
    split    => \&Split,
    delete   => \&Delete,
    archive  => sub { Set( 'TicketArchiveFlagSet', 'ArchiveFlag', @_ ) },
    read     => \&Read,
    waiting  => \&Waiting,
    links    => \&Links,
);

$| = 1;
while ( my $Line = <STDIN> ) {

    # One object manager an act: its end sends out the events, as the end of a page does.
    $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'agent' } );
    my $Request = eval { $JSON->decode($Line) } || {};
    my $Result  = eval { ( $Act{ $Request->{do} || '' } || die "there is no such act\n" )->( %{$Request} ) };
    my $Error   = $@;
    $Kernel::OM->ObjectsDiscard();
    undef $Kernel::OM;

    # The help desk switches its output to UTF-8 by itself, which would encode a second time.
    binmode STDOUT, ':raw';
    print $JSON->encode( $Error ? { error => "$Error" } : { ok => $Result } ), "\n";
}

sub Module { return $Kernel::OM->Get("Kernel::System::$_[0]") }

# What is done comes first: a refusal of the help desk is an empty list.
sub Sure {
    my ( $What, $Value ) = @_;
    return $Value if $Value;
    my $Log = Module('Log')->GetLogEntry( Type => 'error', What => 'Message' ) || 'it gave no reason';
    die "the help desk refused $What: $Log\n";
}

# The customer's pages act as user 1.
sub ActorOf {
    my %Param = @_;
    return 1 if ( $Param{by} || '' ) eq 'customer';
    my $UserID = Module('User')->UserLookup( UserLogin => $Param{login}, Silent => 1 );
    return $UserID || die "there is no agent $Param{login}\n";
}

sub Create {
    my %Param  = @_;
    my $UserID = ActorOf(%Param);
    my %Person = Module('CustomerUser')->CustomerUserDataGet( User => $Param{customer} );
    die "there is no customer user $Param{customer}\n" if !%Person;

    my $TicketID = Sure(
        'the ticket',
        Module('Ticket')->TicketCreate(
            Title        => $Param{title},
            Queue        => $Param{queue},
            Type         => $Param{type},
            Service      => $Param{service},
            Priority     => $Param{priority},
            State        => $Param{state},
            Lock         => 'unlock',
            CustomerUser => $Param{customer},
            CustomerID   => $Person{UserCustomerID},
            OwnerID      => $UserID,
            UserID       => $UserID,
        )
    );
    my $ArticleID = Sure(
        'the first article',
        Module('Ticket::Article')->BackendForChannel( ChannelName => 'Phone' )->ArticleCreate(
            TicketID             => $TicketID,
            SenderType           => 'customer',
            IsVisibleForCustomer => 1,
            From                 => "$Person{UserFirstname} $Person{UserLastname} <$Person{UserEmail}>",
            To                   => $Param{queue},
            Subject              => $Param{title},
            Body                 => $Param{body},
            ContentType          => ( $Param{mimeType} || 'text/plain' ) . '; charset=utf-8',
            HistoryType          => 'PhoneCallCustomer',
            HistoryComment       => '%%',
            UserID               => $UserID,
            Attachment           => Attachments( $Param{attachments} ),
        )
    );
    return {
        id        => "$TicketID",
        number    => Module('Ticket')->TicketNumberLookup( TicketID => $TicketID ),
        articleId => "$ArticleID",
    };
}

sub Attachments {
    my ($Given) = @_;
    return [
        map {
            {
                Filename    => $_->{name},
                ContentType => $_->{contentType},
                Content     => MIME::Base64::decode_base64( $_->{content} ),
                Disposition => 'attachment',
            }
        } @{ $Given || [] }
    ];
}

# The acts that set one thing of a ticket.
sub Set {
    my ( $Method, $Key, %Param ) = @_;
    my $Value = $Param{ lc $Key };
    Sure(
        "$Method to " . ( $Value // 'nothing' ),
        Module('Ticket')->$Method(
            TicketID => $Param{ticket},
            UserID   => ActorOf(%Param),
            ( $Key eq 'Owner' ? 'NewUser' : $Key ) => $Value,
        )
    );
    return 1 if !$Param{pendingMinutes};
    return Sure(
        'the pending time',
        Module('Ticket')->TicketPendingTimeSet(
            TicketID => $Param{ticket},
            UserID   => ActorOf(%Param),
            Diff     => $Param{pendingMinutes},
        )
    );
}

sub Field {
    my %Param = @_;
    my $Field = Module('DynamicField')->DynamicFieldGet( Name => $Param{name} );
    die "there is no dynamic field $Param{name}\n" if !$Field || !$Field->{ID};
    return Sure(
        "a value of $Param{name}",
        Module('DynamicField::Backend')->ValueSet(
            DynamicFieldConfig => $Field,
            ObjectID           => $Param{ticket},
            Value              => $Param{value},
            UserID             => ActorOf(%Param),
        )
    );
}

sub Article {
    my %Param      = @_;
    my $ByCustomer = ( $Param{by} || '' ) eq 'customer';
    my $ArticleID  = Sure(
        'the article',
        Module('Ticket::Article')->BackendForChannel( ChannelName => 'Internal' )->ArticleCreate(
            TicketID             => $Param{ticket},
            SenderType           => $ByCustomer ? 'customer' : 'agent',
            IsVisibleForCustomer => $Param{public} ? 1 : 0,
            From                 => $Param{from} || $Param{login},
            Subject              => $Param{subject},
            Body                 => $Param{body},
            ContentType          => ( $Param{mimeType} || 'text/plain' ) . '; charset=utf-8',
            HistoryType          => $ByCustomer ? 'FollowUp' : 'AddNote',
            HistoryComment       => '%%Note',
            NoAgentNotify        => 1,
            UserID               => ActorOf(%Param),
            Attachment           => Attachments( $Param{attachments} ),
        )
    );
    return "$ArticleID";
}

sub Merge {
    my %Param  = @_;
    my $Merged = Module('Ticket')->TicketMerge(
        MainTicketID  => $Param{into},
        MergeTicketID => $Param{ticket},
        UserID        => ActorOf(%Param),
    );
    return Sure( 'to merge', $Merged && $Merged ne 'NoValidMergeStates' );
}

# What the page «Split» does: a new ticket whose first article quotes the chosen one, with the fields that the page shows
# and with the files, linked with the ticket that it came from.
sub Split {
    my %Param    = @_;
    my $UserID   = ActorOf(%Param);
    my %Ticket   = Module('Ticket')->TicketGet( TicketID => $Param{ticket}, DynamicFields => 1, UserID => $UserID );
    my %ID       = ( TicketID => $Param{ticket}, ArticleID => $Param{article} );
    my $Source   = Module('Ticket::Article')->BackendForArticle(%ID);
    my %Article  = $Source->ArticleGet( %ID, DynamicFields => 1 );
    my %Index    = $Source->ArticleAttachmentIndex( %ID, ExcludePlainText => 1, ExcludeHTMLBody => 1 );
    my @Files    = map { { $Source->ArticleAttachment( %ID, FileID => $_ ) } } sort { $a <=> $b } keys %Index;
    my $TicketID = Sure(
        'the new ticket',
        Module('Ticket')->TicketCreate(
            ( map { $_ => $Ticket{$_} } qw(Queue Type Service Priority State OwnerID CustomerID) ),
            Title        => $Article{Subject},
            Lock         => 'unlock',
            CustomerUser => $Ticket{CustomerUserID},
            UserID       => $UserID,
        )
    );
    SplitFields( \%Ticket, 'Ticket', $TicketID, $UserID, $Param{fields} );
    my $ArticleID = Sure(
        'its first article',
        Module('Ticket::Article')->BackendForChannel( ChannelName => 'Phone' )->ArticleCreate(
            TicketID             => $TicketID,
            SenderType           => 'customer',
            IsVisibleForCustomer => 1,
            From                 => $Article{From},
            To                   => $Ticket{Queue},
            Subject              => $Article{Subject},
            Body                 => $Article{Body},
            ContentType          => 'text/plain; charset=utf-8',
            HistoryType          => 'PhoneCallCustomer',
            HistoryComment       => '%%',
            UserID               => $UserID,
            Attachment           => \@Files,
        )
    );
    SplitFields( \%Article, 'Article', $ArticleID, $UserID, $Param{fields} );
    Sure(
        'the link',
        Module('LinkObject')->LinkAdd(
            SourceObject => 'Ticket',
            SourceKey    => $Param{ticket},
            TargetObject => 'Ticket',
            TargetKey    => $TicketID,
            Type         => 'ParentChild',
            State        => 'Valid',
            UserID       => $UserID,
        )
    );
    return {
        id        => "$TicketID",
        number    => Module('Ticket')->TicketNumberLookup( TicketID => $TicketID ),
        articleId => "$ArticleID",
    };
}

# The page copies the fields that it is configured to show, of tickets and of articles alike.
sub SplitFields {
    my ( $From, $ObjectType, $ObjectID, $UserID, $Names ) = @_;
    for my $Name ( @{ $Names || [] } ) {
        my $Field = Module('DynamicField')->DynamicFieldGet( Name => $Name );
        next if $Field->{ObjectType} ne $ObjectType || !defined $From->{"DynamicField_$Name"};
        Module('DynamicField::Backend')->ValueSet(
            DynamicFieldConfig => $Field,
            ObjectID           => $ObjectID,
            Value              => $From->{"DynamicField_$Name"},
            UserID             => $UserID,
        );
    }
    return;
}

sub Delete {
    my %Param = @_;
    return Sure( 'to delete', Module('Ticket')->TicketDelete( TicketID => $Param{ticket}, UserID => ActorOf(%Param) ) );
}

sub Read {
    my %Param  = @_;
    my %Ticket = Module('Ticket')->TicketGet( TicketID => $Param{ticket}, DynamicFields => 1, UserID => 1, Silent => 1 );
    return undef if !%Ticket;

    my %Field;
    for my $Key ( grep { defined $Ticket{$_} } keys %Ticket ) {
        next if $Key !~ m{ \A DynamicField_(.+) \z }xms;
        $Field{$1} = ref $Ticket{$Key} ? $Ticket{$Key} : "$Ticket{$Key}";
    }
    my @History = map { { what => $_->{HistoryType}, by => "$_->{CreateBy}", name => $_->{Name}, at => $_->{CreateTime} } }
        Module('Ticket')->HistoryGet( TicketID => $Param{ticket}, UserID => 1 );
    return {
        id       => "$Ticket{TicketID}",
        number   => $Ticket{TicketNumber},
        title    => $Ticket{Title},
        queue    => $Ticket{Queue},
        state    => $Ticket{State},
        priority => $Ticket{Priority},
        type     => $Ticket{Type},
        service  => $Ticket{Service},
        customer => $Ticket{CustomerUserID},
        owner    => $Ticket{Owner},
        changed  => $Ticket{Changed},
        fields   => \%Field,
        articles => [ map { ReadArticle( $Param{ticket}, $_->{ArticleID} ) }
                Module('Ticket::Article')->ArticleList( TicketID => $Param{ticket} ) ],
        history  => \@History,
    };
}

sub ReadArticle {
    my ( $TicketID, $ArticleID ) = @_;
    my %ID      = ( TicketID => $TicketID, ArticleID => $ArticleID );
    my $Backend = Module('Ticket::Article')->BackendForArticle(%ID);
    my %Article = $Backend->ArticleGet( %ID, DynamicFields => 1, RealNames => 1 );
    my %Index   = $Backend->ArticleAttachmentIndex( %ID, ExcludePlainText => 1, ExcludeHTMLBody => 1 );
    return {
        id        => "$ArticleID",
        sender    => $Article{SenderType},
        public    => $Article{IsVisibleForCustomer} ? JSON::true : JSON::false,
        from      => $Article{From},
        subject   => $Article{Subject},
        body      => $Article{Body},
        marker    => $Article{DynamicField_BridgeExternalId},
        createdBy => "$Article{CreateBy}",
        created   => $Article{CreateTime},
        attachments => [
            map { { name => $Index{$_}->{Filename}, contentType => $Index{$_}->{ContentType}, size => $Index{$_}->{FilesizeRaw} + 0 } }
                sort { $a <=> $b } keys %Index
        ],
    };
}

# Webhooks that the daemon has yet to send: at once, and again after a failure. A task is written to its next table before
# it is deleted from the last one, so it is never missed when one of the tables is read before and after the other.
sub Waiting {
    my %Param     = @_;
    my $Scheduler = Module('Daemon::SchedulerDB');
    my $Count     = sub {
        my $List = shift;
        return scalar grep { !$Param{name} || ( $_->{Name} || '' ) eq $Param{name} } $Scheduler->$List( Type => $Param{type} );
    };
    my $Before = $Count->('FutureTaskList');
    my $Now    = $Count->('TaskList');
    my $After  = $Count->('FutureTaskList');
    return { now => $Now + 0, later => ( $Before > $After ? $Before : $After ) + 0 };
}

# The tickets that a ticket is linked to: kind and direction of the link by ticket.
sub Links {
    my %Param = @_;
    my $List  = Module('LinkObject')->LinkList( Object => 'Ticket', Key => $Param{ticket}, State => 'Valid', UserID => 1 );
    my %Links;
    for my $Type ( keys %{ $List->{Ticket} || {} } ) {
        for my $Direction ( keys %{ $List->{Ticket}->{$Type} } ) {
            $Links{$_} = "$Type $Direction" for keys %{ $List->{Ticket}->{$Type}->{$Direction} };
        }
    }
    return \%Links;
}
