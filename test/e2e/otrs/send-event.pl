#!/usr/bin/perl
# Lets the notifier of the add-on package send one event, as a worker of the daemon does. Run in the help desk's home by its
# user. Reads the event as one JSON object from standard input.
use strict;
use warnings;

use lib '.', './Kernel/cpan-lib', './Custom';

use JSON ();
use Kernel::System::ObjectManager;

local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'send-event' } );

my $Event = JSON->new()->utf8(1)->decode( do { local $/; <STDIN> } );
$Kernel::OM->Get('Kernel::System::OtrsJiraBridge')->Send( %{$Event} );
