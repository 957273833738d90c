// The floor for a cold status: open the file and read the version table.
import Database from "libsql";

const database = new Database(process.argv[2]);
console.log(database.prepare("SELECT version_num FROM aludel_version").all());
database.close();
