#!/usr/bin/perl
# What an administrator has set up in the help desk, as JSON on standard output; names only. Run in the help desk's home by
# its user. With {"login": ..., "group": ..., "permissions": [...]} on standard input it first gives the agent these and no
# other permissions on the group.
use strict;
use warnings;
use utf8;

use lib '.', './Kernel/cpan-lib', './Custom';

use JSON ();
use Kernel::System::ObjectManager;

local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'inventory' } );

my $Input   = do { local $/; <STDIN> };
my $Request = $Input ? JSON::decode_json($Input) : undef;

sub Module { return $Kernel::OM->Get("Kernel::System::$_[0]") }

if ($Request) {
    my %Wanted = map { $_ => 1 } @{ $Request->{permissions} };
    Module('Group')->PermissionGroupUserAdd(
        GID        => Module('Group')->GroupLookup( Group => $Request->{group} ),
        UID        => Module('User')->UserLookup( UserLogin => $Request->{login} ),
        Permission => { map { $_ => $Wanted{$_} ? 1 : 0 } qw(ro move_into create note owner priority rw) },
        UserID     => 1,
    ) || die "the help desk refused the permissions\n";
}

my @Fields = map {
    {
        object => $_->{ObjectType},
        name   => $_->{Name},
        type   => $_->{FieldType},
        keys   => [ sort keys %{ $_->{Config}->{PossibleValues} || {} } ],
    }
} @{ Module('DynamicField')->DynamicFieldListGet( Valid => 1, ObjectType => [ 'Ticket', 'Article' ] ) };

my %States;
my %StateList = Module('State')->StateList( UserID => 1, Valid => 1 );
for my $ID ( keys %StateList ) {
    my %State = Module('State')->StateGet( ID => $ID );
    $States{ $State{Name} } = $State{TypeName};
}

my %Queues     = Module('Queue')->QueueList( Valid => 1 );
my %Services   = Module('Service')->ServiceList( Valid => 1, UserID => 1 );
my %Types      = Module('Type')->TypeList( Valid => 1 );
my %Priorities = Module('Priority')->PriorityList( Valid => 1 );
my %Agents     = Module('User')->UserList( Type => 'Short', Valid => 1 );

# The help desk switches its output to UTF-8 by itself, which would encode a second time.
binmode STDOUT, ':raw';
print JSON->new()->utf8(1)->canonical(1)->encode(
    {
        fields     => \@Fields,
        states     => \%States,
        queues     => [ sort values %Queues ],
        services   => [ sort values %Services ],
        types      => [ sort values %Types ],
        priorities => [ sort values %Priorities ],
        agents     => [ sort values %Agents ],
    }
);
$Kernel::OM->ObjectsDiscard();
