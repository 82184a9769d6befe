// Where each member is reached. At an address one member speaks (contacts.member_id), and several may be reached: a
// phone is shared in a family. So far the line lets one member be at an address; the tables carry more.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table member_contacts (
      member_id bigint not null,
      contact_id bigint not null,
      primary key (member_id, contact_id)
    )`.execute(db)
  await sql`create index member_contacts_of_contact on member_contacts (contact_id)`.execute(db)
  await sql`
    insert into member_contacts (member_id, contact_id)
    select member_id, id from contacts where member_id is not null`.execute(db)
  // Whoever speaks at an address is reached there, whichever room writes it; and nobody is where the address is gone.
  // No foreign key: it would be looked at with every message's update of a contact.
  await sql`
    create function follow_contact() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        delete from member_contacts where contact_id = old.id;
      else
        insert into member_contacts (member_id, contact_id) values (new.member_id, new.id) on conflict do nothing;
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger contacts_begin after insert on contacts
    for each row when (new.member_id is not null) execute function follow_contact()`.execute(db)
  await sql`
    create trigger contacts_change_hands after update of member_id on contacts
    for each row when (new.member_id is distinct from old.member_id and new.member_id is not null)
    execute function follow_contact()`.execute(db)
  await sql`
    create trigger contacts_end after delete on contacts
    for each row when (old.member_id is not null) execute function follow_contact()`.execute(db)
}
