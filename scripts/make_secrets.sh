#!/bin/sh
# Makes the files of secrets/ that docker-compose.yml names: generates what can be generated, leaves what is there
# as it is, and says which files are yours to fill in. An empty one counts as missing.
#   sh scripts/make_secrets.sh [FOLDER]
set -eu

# Only you may look into the folder. Its files are readable for all, since the processes in the containers have
# numbers of their own and each is shown only the files that it needs.
folder="${1:-secrets}"
umask 022
mkdir -p "$folder/tls" "$folder/files"
chmod 700 "$folder"
printf '*\n' >"$folder/.gitignore"

random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
keep() { # a file that is there already stays; else it holds $2
    [ -e "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"
}

keep postgres_password "$(random)"
keep database_url "postgresql://carquery:$(cat "$folder/postgres_password")@postgres/carquery"
keep redis_conf "requirepass $(random)
"
keep redis_url "redis://:$(sed -n 's/^requirepass //p' "$folder/redis_conf")@redis:6379/0"
keep secret_key "$(random)"
keep webhook_secret "$(random)"
keep max_webhook_secret "$(random)"
for yours in telegram_bot_token max_bot_token amocrm_long_lived_token amocrm_client_secret openai_api_key; do
    keep "$yours" ""
    [ -s "$folder/$yours" ] || echo "Yours to fill in: $folder/$yours"
done
echo "Needed is one of telegram_bot_token and max_bot_token, and one of amocrm_long_lived_token (simpler) and amocrm_client_secret."
