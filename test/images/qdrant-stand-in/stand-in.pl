#!/usr/bin/perl
# GET /healthz /readyz (open); GET /collections, GET and PUT /collections/NAME (api-key when one is set);
# of a collection PUT points, POST points/scroll (all of them), POST points/delete (by number).
# A collection is a file in /qdrant/storage/stand-in, and each of its points, known by a number, one in the folder
# NAME.points beside it: the point as it was given, its payload flat. One request per connection; plain perl-base.
use strict;
use warnings;
use IO::Socket::INET;

my $folder = '/qdrant/storage/stand-in';
my $key = $ENV{QDRANT__SERVICE__API_KEY} // '';
my $port = $ENV{QDRANT__SERVICE__HTTP_PORT} // 6333;
mkdir $folder;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';
$| = 1;
print "real version stand-in 1 under pinned name ", $ENV{PINNED} // 'qdrant', "\n";

my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 16, ReuseAddr => 1) or die "port $port: $!\n";
while (my $client = $server->accept) {
  serve($client);
  close $client;
}

sub serve {
  my ($client) = @_;
  my ($method, $path) = (<$client> // '') =~ m{^(\S+) ([^ ?]+)} or return;
  my %header;
  while (defined(my $line = <$client>)) {
    $line =~ s/\r?\n$//;
    last if $line eq '';
    $header{lc $1} = $2 if $line =~ /^([^:]+):\s*(.*)$/;
  }
  my $body = '';
  read $client, $body, $header{'content-length'} if $header{'content-length'};
  my ($status, $answer, $type) = answer($method, $path, \%header, $body);
  print $client "HTTP/1.1 $status\r\nContent-Type: ", $type // 'application/json', "\r\nContent-Length: ",
    length $answer, "\r\nConnection: close\r\n\r\n$answer";
}

sub answer {
  my ($method, $path, $header, $body) = @_;
  return ('200 OK', 'healthz check passed', 'text/plain') if $path eq '/healthz' || $path eq '/livez';
  return ('200 OK', 'all shards are ready', 'text/plain') if $path eq '/readyz';
  my ($bearer) = ($header->{authorization} // '') =~ /^Bearer (.*)$/;
  my $given = $header->{'api-key'} // $bearer // '';
  return ('401 Unauthorized', 'Must provide an API key', 'text/plain') if $key ne '' && $given ne $key;
  return ('200 OK', result('{"collections":[' . join(',', map { "{\"name\":\"$_\"}" } names()) . ']}'))
    if $path eq '/collections' && $method eq 'GET';
  my ($name, $what) = $path =~ m{^/collections/([\w-]+)(?:/(points|points/scroll|points/delete))?$}
    or return ('404 Not Found', '');
  my $file = "$folder/$name";
  return points("$method $what", $name, $body) if $what;
  if ($method eq 'PUT') {
    return ('409 Conflict', failure("Collection `$name` already exists!")) if -e $file;
    open my $out, '>', $file or return ('500 Internal Server Error', failure("$!"));
    print $out $body;
    close $out;
    return ('200 OK', result('true'));
  }
  return ('405 Method Not Allowed', '') if $method ne 'GET';
  return ('404 Not Found', failure("Collection `$name` doesn't exist!")) if !-e $file;
  my $count = () = numbers($name);
  my $config = content($file);
  return ('200 OK', result("{\"status\":\"green\",\"points_count\":$count,\"config\":{\"params\":$config}}"));
}

sub points {
  my ($what, $name, $body) = @_;
  my $points = "$folder/$name.points";
  return ('404 Not Found', failure("Collection `$name` doesn't exist!")) if !-e "$folder/$name";
  if ($what eq 'PUT points') {
    mkdir $points;
    while ($body =~ /(\{"id":(\d+),"vector":\[[^\]]*\],"payload":\{[^{}]*\}\})/g) {
      open my $out, '>', "$points/$2.new" or return ('500 Internal Server Error', failure("$!"));
      print $out $1;
      close $out;
      rename "$points/$2.new", "$points/$2";
    }
    return ('200 OK', result('{"operation_id":0,"status":"completed"}'));
  }
  if ($what eq 'POST points/delete') {
    my ($given) = $body =~ /"points":\[([\d,\s]*)\]/ or return ('400 Bad Request', failure('only numbers'));
    unlink "$points/$_" for $given =~ /\d+/g;
    return ('200 OK', result('{"operation_id":0,"status":"completed"}'));
  }
  return ('405 Method Not Allowed', '') if $what ne 'POST points/scroll';
  my $all = join ',', map { content("$points/$_") } numbers($name);
  return ('200 OK', result("{\"points\":[$all],\"next_page_offset\":null}"));
}

sub numbers {
  my ($name) = @_;
  opendir my $handle, "$folder/$name.points" or return ();
  return sort { $a <=> $b } grep { /^\d+$/ } readdir $handle;
}

sub names {
  opendir my $handle, $folder or return ();
  return sort grep { /^[\w-]+$/ } readdir $handle;
}

sub content {
  my ($file) = @_;
  open my $in, '<', $file or return '{}';
  local $/;
  my $text = <$in>;
  return length($text // '') ? $text : '{}';
}

sub result { return '{"result":' . $_[0] . ',"status":"ok","time":0.0}' }
sub failure { return '{"status":{"error":"' . $_[0] . '"},"time":0.0}' }
