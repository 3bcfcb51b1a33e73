#!/usr/bin/perl
# A guestbook over HTTP, small enough for a demo: GET /health, GET / for the greeting, POST / with the token.
use strict;
use warnings;
use IO::Socket::INET;

my ($root, $mode) = @ARGV;
my %conf = map { chomp; split /=/, $_, 2 } slurp("$root/etc/guestbook.conf");
exit health() if ($mode // '') eq '--health';

my ($token) = slurp("$root/etc/token");
open my $pid, '>', '/run/guestbook.pid' or die "pid file: $!";
print $pid $$;
close $pid;
my $ready = time + 1;    # warming up
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $conf{port}, Listen => 5, ReuseAddr => 1)
  or die "port $conf{port}: $!";
my @entries;

while (my $client = $server->accept) {
  my $request = <$client> // '';
  my %header;
  while (my $line = <$client>) {
    last if $line =~ /^\r?\n$/;
    $header{lc $1} = $2 if $line =~ /^([\w-]+):\s*(.*?)\r?\n$/;
  }
  my ($status, $text) = answer($request, \%header);
  print $client "HTTP/1.0 $status\r\nContent-Type: text/plain\r\n\r\n$text\n";
  close $client;
}

sub answer {
  my ($request, $header) = @_;
  return ('503 Warming up', 'not yet') if $request =~ m{^GET /health } && time < $ready;
  return ('200 OK', 'healthy') if $request =~ m{^GET /health };
  return ('200 OK', join "\n", $conf{greeting}, @entries) if $request =~ m{^GET / };
  return ('403 Forbidden', 'no') if ($header->{'x-token'} // '') ne $token;
  push @entries, $header->{'x-entry'} // '(empty)';
  return ('201 Created', 'thanks');
}

sub health {
  my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $conf{port}, Timeout => 2)
    or return say_and(1, "not listening on port $conf{port}");
  print $socket "GET /health HTTP/1.0\r\n\r\n";
  my $line = <$socket> // '';
  return say_and($line =~ / 200 / ? 0 : 1, $line);
}

sub say_and {
  my ($code, $text) = @_;
  print "$text\n";
  return $code;
}

sub slurp {
  my ($file) = @_;
  open my $handle, '<', $file or die "$file: $!";
  return <$handle>;
}
