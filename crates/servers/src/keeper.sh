# Keeps one PostgreSQL for the program that started this script and speaks to it on standard input, one word a line:
# 'start', or the name of the signal that ends the server. When that input closes, in whatever way the other program
# ended, the server is stopped and its folder removed.
#   $1 the folder of PostgreSQL's programs   $2 the server's folder   the rest: settings for the server
programs=$1
folder=$2
shift 2
server=

start() {
  "$programs/postgres" -D "$folder/data" "$@" </dev/null >&2 &
  server=$!
}

end() {
  if [ -n "$server" ]; then
    kill -s "$1" "$server" && wait "$server"
    server=
  fi
}

trap 'end INT; cd /; rm -rf "$folder"' EXIT
"$programs/initdb" -D "$folder/data" --auth=trust --username=postgres --encoding=UTF8 --no-locale --no-sync >&2 || exit 1
while read -r word; do
  case $word in
    start) start "$@" ;;
    *) end "$word" ;;
  esac
  echo done
done
