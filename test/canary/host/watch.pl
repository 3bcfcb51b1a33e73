# On the target, as an ordinary user: what others can read of processes and temporary files, until the file $ARGV[0] is there.
use strict;
my (%seen, $round);
$round = 0;
sub look { my ($name) = @_; open my $file, '<', $name or return; local $/; my $text = <$file>; $seen{$text} = $name if length $text }
sub names { my ($folder) = @_; opendir my $list, $folder or return; return readdir $list }
until (-e $ARGV[0]) {
  for my $id (grep { /^\d/ } names('/proc')) { look("/proc/$id/cmdline"); look("/proc/$id/environ") unless $round % 20 }
  unless ($round++ % 20) {
    for my $folder ('/tmp', '/var/tmp', '/dev/shm', '/run') { for my $name (names($folder)) { look("$folder/$name") if -f "$folder/$name" } }
  }
  select undef, undef, undef, 0.003;
}
for my $text (keys %seen) { (my $line = "$seen{$text}: $text") =~ tr/\0/ /; print "$line\n" }
print "looked $round times\n";
