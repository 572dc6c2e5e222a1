int main_placeholder_main;
