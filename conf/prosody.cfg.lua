-- For /etc/prosody/prosody.cfg.lua (0.12 or later). The same secret goes into Carillon's secret_file.
Component "call.example.org"
    component_secret = "change me: openssl rand -hex 24"

-- Shows the component to the users of your domain:
VirtualHost "example.org"
    disco_items = { { "call.example.org", "Calls" } }
