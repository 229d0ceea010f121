// Answers each message of the parent process with what this process has used since it started, a `Usage` of
// servers.ts. Node loads this module before the server. It is JavaScript, because Node would keep what it needs to
// strip types in the memory that is measured.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system, rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20) });
});
process.once('disconnect', () => process.exit());
